import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { cmdBackends } from '../../../src/lab/server/cmd-backend.ts';
import { psrpBackends } from '../../../src/lab/server/psrp-backend.ts';
import { WinrmHost } from '../../../src/lab/server/winrm-host.ts';
import type { WinrmHostOptions } from '../../../src/lab/server/winrm-host.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { systemListener } from '../../../src/node/http/listener.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import { cmdEngine, scriptEngine } from './lab-engine.ts';
import { account } from './work.ts';

/** What the parent asks of the process that serves the hosts. */
export type LabRequest =
  | { readonly ask: 'serve'; readonly hosts: number; readonly tarpits: number; readonly dead: number }
  /** Requests and connections since the last time it was asked. */
  | { readonly ask: 'count' };

export interface LabPorts {
  readonly healthy: readonly number[];
  /** Takes Basic and clear text (AllowUnencrypted), to see what sealing costs. */
  readonly open: number;
  /** Accept, and never answer. */
  readonly tarpits: readonly number[];
  /** Nobody listens there. */
  readonly dead: readonly number[];
}

export interface LabCount {
  readonly connections: number;
  /** HTTP requests by their action; legs of logons are `logon`. */
  readonly actions: Readonly<Record<string, number>>;
}

let connections = 0;
let actions: Record<string, number> = {};

process.on('message', (request: LabRequest) => {
  void answer(request).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));

async function answer(request: LabRequest): Promise<LabPorts | LabCount> {
  switch (request.ask) {
    case 'serve':
      return serve(request);
    case 'count': {
      const counted = { connections, actions };
      connections = 0;
      actions = {};
      return counted;
    }
  }
}

async function serve({ hosts, tarpits, dead }: Extract<LabRequest, { ask: 'serve' }>): Promise<LabPorts> {
  const healthy: number[] = [];
  for (let index = 0; index < hosts; index++) healthy.push(await serveHost(`HOST-${index}`));
  const silent: number[] = [];
  for (let index = 0; index < tarpits; index++) silent.push((await listen(() => undefined)).port);
  const closed: Server[] = [];
  const gone: number[] = [];
  for (let index = 0; index < dead; index++) {
    const { server, port } = await listen(() => undefined);
    closed.push(server);
    gone.push(port);
  }
  for (const server of closed) server.close();
  const open = await serveHost('OPEN', openLogon);
  return { healthy, open, tarpits: silent, dead: gone };
}

/** Inside TLS a host asks for no more than this; here it is asked for without TLS, so that nothing is encrypted. */
const openLogon: Partial<WinrmHostOptions> = {
  https: {
    certificate: new Uint8Array(0),
    hardening: 'none',
    isPassword: (_, password) => password === account.password,
  },
};

async function serveHost(name: string, options: Partial<WinrmHostOptions> = {}): Promise<number> {
  const version = { psVersion: '5.1.17763.1971', protocolVersion: '2.3', maxFragmentBytes: 32_768 } as const;
  const host = new WinrmHost({
    ...{ name, domain: 'CORP', timers: systemTimers, entropy: systemEntropy, now: () => systemClock.now() },
    lookup: (user) => (user.toLowerCase() === 'ops' ? new Secret(account.password) : undefined),
    backends: psrpBackends(scriptEngine, version),
    cmd: cmdBackends(cmdEngine),
    log: (event) => {
      if (event.event === 'connect') connections += 1;
      if (event.event === 'request') actions[event.action] = (actions[event.action] ?? 0) + 1;
    },
    ...options,
  });
  return unwrap(await systemListener.listen('127.0.0.1', 0, host)).port;
}

function listen(onConnection: () => void): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer(onConnection);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ server, port: (server.address() as AddressInfo).port });
    });
  });
}
