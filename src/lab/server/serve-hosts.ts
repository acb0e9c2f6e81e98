import { limiter } from '../../core/limiter.ts';
import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Secret } from '../../core/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Entropy } from '../../ports/entropy.ts';
import type { HttpListener, HttpServer } from '../../ports/http-listener.ts';
import type { Timers } from '../../ports/timers.ts';
import { cmdBackends } from './cmd-backend.ts';
import type { CmdEngine } from './cmd-engine.ts';
import { psrpBackends } from './psrp-backend.ts';
import type { ScriptEngine } from './script-engine.ts';
import { WinrmHost } from './winrm-host.ts';
import type { WinrmHostOptions } from './winrm-host.ts';

export interface ServeHostsOptions {
  readonly count: number;
  readonly scripts: ScriptEngine;
  readonly programs: CmdEngine;
  /** The one account that may log on, in domain `CORP`; case does not count. */
  readonly user: string;
  readonly password: Secret;
  readonly listener: HttpListener;
  readonly timers: Timers;
  readonly entropy: Entropy;
  readonly clock: Clock;
  /** More about each host, such as how it misbehaves. */
  readonly host?: (index: number) => Partial<WinrmHostOptions>;
}

export interface ServedHosts {
  /** Where each host listens on 127.0.0.1. */
  readonly ports: readonly number[];
  readonly hosts: readonly WinrmHost[];
  readonly servers: readonly HttpServer[];
  close(): Promise<void>;
}

const startsAtOnce = 32;

/**
 * Serves hosts with real logons, sealing, PowerShell and cmd shells, all in this process, whatever is behind them.
 *
 * Failure `net.listen`; hosts that had started are stopped again.
 */
export async function serveHosts(options: ServeHostsOptions): Promise<Result<ServedHosts>> {
  const hosts = Array.from({ length: options.count }, (_, index) => newHost(options, index));
  const results = await limiter(hosts, startsAtOnce, (host) => options.listener.listen('127.0.0.1', 0, host));
  const servers = results.flatMap((it) => (it.ok ? [it.value] : []));
  const close = async (): Promise<void> => {
    await limiter(hosts, startsAtOnce, (host) => host.restart());
    await limiter(servers, startsAtOnce, (server) => server.close());
  };
  const failed = results.find((it) => !it.ok);
  if (failed !== undefined) {
    await close();
    return failed;
  }
  return ok({ ports: servers.map(({ port }) => port), hosts, servers, close });
}

function newHost(options: ServeHostsOptions, index: number): WinrmHost {
  const { scripts, programs, user, password, timers, entropy, clock } = options;
  return new WinrmHost({
    ...{ name: `HOST-${String(index + 1).padStart(4, '0')}`, domain: 'CORP', timers, entropy },
    lookup: (name) => (name.toLowerCase() === user.toLowerCase() ? password : undefined),
    backends: psrpBackends(scripts, windowsPowerShell),
    cmd: cmdBackends(programs),
    now: () => clock.now(),
    ...options.host?.(index),
  });
}

const windowsPowerShell = {
  psVersion: '5.1.17763.1971',
  protocolVersion: '2.3',
  maxFragmentBytes: 32_768,
} as const;
