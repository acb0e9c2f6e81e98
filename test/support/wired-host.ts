import { unwrap } from '../../src/core/result.ts';
import type { Target } from '../../src/core/target.ts';
import { systemClock } from '../../src/node/clock.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import { systemConnector } from '../../src/node/http/connection.ts';
import { systemListener } from '../../src/node/http/listener.ts';
import { systemTimers } from '../../src/node/timers.ts';
import type { HttpServer } from '../../src/ports/http-listener.ts';
import type { HostLink } from '../../src/remote/host-link.ts';
import { openHostLink } from '../../src/remote/open-host-link.ts';
import type { HostLinkOptions } from '../../src/remote/open-host-link.ts';
import { MemoryNetwork } from './memory-network.ts';
import { ScriptedWsman } from './scripted-wsman.ts';
import type { Asked, OnLogon, Reply } from './scripted-wsman.ts';
import { loopbackTarget } from './target.ts';
import { VirtualTimers } from './virtual-timers.ts';

export type Script = (asked: Asked, order: number) => Reply;

export interface WiredOptions extends Partial<Omit<HostLinkOptions, 'target'>> {
  readonly target?: Partial<Target>;
  readonly onLogon?: OnLogon;
}

export interface WiredHost {
  readonly host: ScriptedWsman;
  readonly link: HostLink;
  readonly network: MemoryNetwork;
  readonly timers: VirtualTimers;
}

/** A scripted host and a link to it, in memory and in virtual time. */
export function wireHost(script: Script, { target = {}, onLogon, ...options }: WiredOptions = {}): WiredHost {
  const host = new ScriptedWsman(script, onLogon);
  const timers = new VirtualTimers();
  const network = new MemoryNetwork(timers, new Map([['127.0.0.1', host]]));
  const link = openHostLink({
    ...{ connector: network, timers, entropy: systemEntropy, now: () => systemClock.now() },
    ...{ target: loopbackTarget(5985, target), ...options },
  });
  return { host, link, network, timers };
}

export interface ServedScript {
  readonly host: ScriptedWsman;
  readonly server: HttpServer;
  readonly link: HostLink;
}

/** A scripted host and a link to it, over real sockets and in real time. */
export async function serveScript(
  script: Script,
  { target = {}, onLogon, ...options }: WiredOptions = {},
): Promise<ServedScript> {
  const host = new ScriptedWsman(script, onLogon);
  const server = unwrap(await systemListener.listen('127.0.0.1', 0, host));
  const link = openHostLink({
    ...{ connector: systemConnector, timers: systemTimers, entropy: systemEntropy },
    ...{ now: () => systemClock.now(), target: loopbackTarget(server.port, target), ...options },
  });
  return { host, server, link };
}
