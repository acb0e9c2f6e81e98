import { Secret } from '../../src/core/secret.ts';
import { failure } from '../../src/core/failure.ts';
import { err } from '../../src/core/result.ts';
import { systemPorts } from '../../src/compose/winrm.ts';
import type { HostEvent } from '../../src/lab/server/host-event.ts';
import type { ShellBackends } from '../../src/lab/server/shell-backend.ts';
import { WinrmHost } from '../../src/lab/server/winrm-host.ts';
import type { WinrmHostOptions } from '../../src/lab/server/winrm-host.ts';
import { systemClock } from '../../src/node/clock.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import type { HttpConnection, HttpConnector } from '../../src/ports/http-connection.ts';
import type { WinrmClientOptions } from '../../src/remote/api/client-options.ts';
import { WinrmClient } from '../../src/remote/api/winrm-client.ts';
import { MemoryNetwork } from './memory-network.ts';
import { VirtualTimers } from './virtual-timers.ts';
import type { ServedHost } from './winrm-host.ts';

const account = { auth: 'ntlm', user: 'CORP\\ops', password: 'Pä$$wörd' } as const;

/** A client of a lab host on loopback, in real time. */
export function clientOf({ target }: ServedHost, changes: Partial<WinrmClientOptions> = {}): WinrmClient {
  const { address, port } = target;
  return new WinrmClient({ host: 'web-01', address, port, ...account, ...changes }, systemPorts);
}

export interface VirtualHost {
  readonly host: WinrmHost;
  readonly timers: VirtualTimers;
  readonly actions: () => readonly string[];
  /** A client of its own, as another process has it. */
  readonly client: (changes?: Partial<WinrmClientOptions>) => WinrmClient;
  /** While it is set, connections are refused. */
  isDown: boolean;
}

/** A lab host and its clients, in memory and in virtual time. */
export function virtualHost(backends: ShellBackends, options: Partial<WinrmHostOptions> = {}): VirtualHost {
  const timers = new VirtualTimers();
  const events: HostEvent[] = [];
  const host = new WinrmHost({
    ...{ name: 'WEB-01', domain: 'CORP', backends, timers, entropy: systemEntropy },
    lookup: (user) => (user === 'ops' ? new Secret(account.password) : undefined),
    now: () => systemClock.now(),
    log: (event) => events.push(event),
    ...options,
  });
  const network = new MemoryNetwork(timers, new Map([['web-01', host]]));
  const virtual: VirtualHost = {
    ...{ host, timers, isDown: false },
    actions: () => events.flatMap((event) => (event.event === 'request' ? [event.action] : [])),
    client: (changes = {}) =>
      new WinrmClient(
        { host: 'web-01', ...account, ...changes },
        { ...systemPorts, timers, connector: refusing(network, () => virtual.isDown) },
      ),
  };
  return virtual;
}

/** Refuses new connections while the host is down. */
function refusing(network: HttpConnector, isDown: () => boolean): HttpConnector {
  return {
    connect(endpoint) {
      const inner = network.connect(endpoint);
      const { address, port } = endpoint;
      return {
        get socket() {
          return inner.socket;
        },
        peerCertificate: undefined,
        open: (signal) =>
          isDown()
            ? Promise.resolve(err(failure('net.refused', { address, port, sent: false })))
            : inner.open(signal),
        exchange: (request, signal) => inner.exchange(request, signal),
        close: () => inner.close(),
      } satisfies HttpConnection;
    },
  };
}
