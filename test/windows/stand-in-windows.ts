import { resolve } from 'node:path';
import { issueWritePermit } from '../../src/core/issue-write-permit.ts';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { unwrap } from '../../src/core/result.ts';
import type { Result } from '../../src/core/result.ts';
import { Secret } from '../../src/core/secret.ts';
import { minutes, plus } from '../../src/core/time.ts';
import { WinrmHost } from '../../src/lab/server/winrm-host.ts';
import { pwshBackends } from '../../src/lab/server/pwsh-backend.ts';
import type { WindowsCase } from '../../src/model/windows-case.ts';
import { systemProcesses } from '../../src/node/child-process.ts';
import { systemClock } from '../../src/node/clock.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import { systemConnector } from '../../src/node/http/connection.ts';
import { systemListener } from '../../src/node/http/listener.ts';
import { packagedScripts } from '../../src/node/scripts.ts';
import { systemTimers } from '../../src/node/timers.ts';
import type { HttpServer } from '../../src/ports/http-listener.ts';
import type { ReadScript } from '../../src/ports/scripts.ts';
import type { HostSession } from '../../src/ports/session.ts';
import { createSessionFactory } from '../../src/remote/session-factory.ts';
import { findPowerShell } from '../support/powershell.ts';
import { loopbackTarget } from '../support/target.ts';

const scripts = packagedScripts();
const timeout = minutes(1);
const { signal } = new AbortController();
const standIn = resolve(import.meta.dirname, 'stand-in/StandIn.psm1');

/**
 * A real PowerShell that plays a Windows: our client, over NTLM and WS-Man, talks to the lab's WinRM server with a
 * `pwsh -s` behind it, in which stand-ins take the place of what only Windows has.
 */
export class StandInWindows {
  readonly session: HostSession;
  readonly #server: HttpServer;

  private constructor(session: HostSession, server: HttpServer) {
    this.session = session;
    this.#server = server;
  }

  static async start(): Promise<StandInWindows> {
    const backends = pwshBackends({
      program: findPowerShell() ?? 'pwsh',
      processes: systemProcesses,
      // Otherwise each question for a missing cmdlet searches the machine's own modules.
      env: { PSModulePath: import.meta.dirname },
      timers: systemTimers,
    });
    const host = new WinrmHost({
      name: 'WEB-01',
      domain: 'CORP',
      lookup: (user) => (user.toLowerCase() === 'ops' ? new Secret('Pä$$wörd') : undefined),
      backends,
      timers: systemTimers,
      entropy: systemEntropy,
      now: () => systemClock.now(),
    });
    const server = unwrap(await systemListener.listen('127.0.0.1', 0, host));
    const factory = createSessionFactory({
      connector: systemConnector,
      timers: systemTimers,
      entropy: systemEntropy,
      now: () => systemClock.now(),
    });
    const session = unwrap(await factory.open(loopbackTarget(server.port), signal));
    return new StandInWindows(session, server);
  }

  /** Makes it another Windows. */
  async become(windows: WindowsCase): Promise<void> {
    const text = `Import-Module -Name $Arguments['StandIn'] -Global; Set-StandInWindows $Arguments['Windows']`;
    const args = { StandIn: standIn, Windows: windows as JsonObject };
    unwrap(await this.session.read({ kind: 'read', name: 'test/become', text }, args, { timeout }, signal));
  }

  /** Runs a script of a test, and gives the one object it emits. */
  async run(script: ReadScript, args: JsonObject): Promise<JsonValue> {
    return only(unwrap(await this.session.read(script, args, { timeout }, signal)).output);
  }

  /** Runs a shipped script that reads, and gives the one object it emits. */
  async read(name: string, args: JsonObject = {}): Promise<Result<JsonValue>> {
    const ran = await this.session.read(scripts.read(name), args, { timeout }, signal);
    return ran.ok ? { ok: true, value: only(ran.value.output) } : ran;
  }

  /** Runs a shipped script that writes, and gives the one object it emits. */
  async write(name: string, args: JsonObject): Promise<Result<JsonValue>> {
    const permit = issueWritePermit(this.session.host, 'test');
    const validUntil = plus(systemClock.now(), timeout);
    const ran = await this.session.write(scripts.write(name), args, permit, { timeout, validUntil }, signal);
    return ran.ok ? { ok: true, value: only(ran.value.output) } : ran;
  }

  async stop(): Promise<void> {
    await this.session.close();
    await this.#server.close();
  }
}

function only(output: readonly JsonValue[]): JsonValue {
  const [first] = output;
  if (first === undefined || output.length > 1) throw new Error(`${output.length} objects instead of one`);
  return first;
}
