import { unwrap } from '../../src/core/result.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Target } from '../../src/core/target.ts';
import type { HostEvent } from '../../src/lab/server/host-event.ts';
import { psrpBackends } from '../../src/lab/server/psrp-backend.ts';
import type { ScriptEngine } from '../../src/lab/server/script-engine.ts';
import type { ShellBackends } from '../../src/lab/server/shell-backend.ts';
import { WinrmHost } from '../../src/lab/server/winrm-host.ts';
import type { WinrmHostOptions } from '../../src/lab/server/winrm-host.ts';
import { systemClock } from '../../src/node/clock.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import { systemConnector } from '../../src/node/http/connection.ts';
import { systemListener } from '../../src/node/http/listener.ts';
import { systemTimers } from '../../src/node/timers.ts';
import type { HttpServer, ServerTls } from '../../src/ports/http-listener.ts';
import type { HostSession, SessionFactory } from '../../src/ports/session.ts';
import { createSessionFactory } from '../../src/remote/session-factory.ts';
import type { PsrpServerOptions } from '../../src/wire/psrp/server-options.ts';
import { loopbackTarget } from './target.ts';

export interface ServedHost {
  readonly host: WinrmHost;
  readonly server: HttpServer;
  readonly events: readonly HostEvent[];
  readonly target: Target;
  /** Actions of the requests so far, in order. */
  readonly actions: () => readonly string[];
  readonly open: (changes?: Partial<Target>) => Promise<HostSession>;
}

export const sessions: SessionFactory = createSessionFactory({
  connector: systemConnector,
  timers: systemTimers,
  entropy: systemEntropy,
  now: () => systemClock.now(),
});

export const never = new AbortController().signal;

/** Serves a lab host on loopback that takes account CORP\ops. */
export async function serveHost(
  backends: ShellBackends,
  { tls, ...options }: Partial<WinrmHostOptions> & { readonly tls?: ServerTls } = {},
): Promise<ServedHost> {
  const events: HostEvent[] = [];
  const host = new WinrmHost({
    name: 'WEB-01',
    domain: 'CORP',
    lookup: (user) => (user.toLowerCase() === 'ops' ? new Secret('Pä$$wörd') : undefined),
    backends,
    timers: systemTimers,
    entropy: systemEntropy,
    now: () => systemClock.now(),
    log: (event) => events.push(event),
    ...options,
  });
  const server = unwrap(await systemListener.listen('127.0.0.1', 0, host, tls));
  const target = loopbackTarget(server.port);
  return {
    ...{ host, server, events, target },
    actions: () => events.flatMap((event) => (event.event === 'request' ? [event.action] : [])),
    open: async (changes) => unwrap(await sessions.open({ ...target, ...changes }, never)),
  };
}

/** Backends that run scripts in an engine of this process; as PowerShell 5.1 unless told otherwise. */
export function engineBackends(
  run: ScriptEngine['run'],
  version: Pick<PsrpServerOptions, 'psVersion' | 'protocolVersion'> = windowsPowerShell,
): ShellBackends {
  return psrpBackends({ run }, { ...version, maxFragmentBytes: 32_768 });
}

const windowsPowerShell = { psVersion: '5.1.17763.1971', protocolVersion: '2.3' } as const;
