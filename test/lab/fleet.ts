import { onTestFinished } from 'vitest';
import { issueWritePermit } from '../../src/core/issue-write-permit.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { unwrap } from '../../src/core/result.ts';
import type { Result } from '../../src/core/result.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Target } from '../../src/core/target.ts';
import { instant, milliseconds, minutes, plus, seconds } from '../../src/core/time.ts';
import { controlCatalog } from '../../src/controls/catalog.ts';
import type { Fleet, FleetOptions } from '../../src/lab/fleet.ts';
import type { LabLogEntry } from '../../src/lab/lab-log.ts';
import { startFleet } from '../../src/lab/start-fleet.ts';
import { Scenario } from '../../src/model/scenario.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import { systemListener } from '../../src/node/http/listener.ts';
import { packagedScripts } from '../../src/node/scripts.ts';
import { systemTimers } from '../../src/node/timers.ts';
import type { HostSession, ScriptOutput } from '../../src/ports/session.ts';
import { loopbackTarget } from '../support/target.ts';
import { never, sessions } from '../support/winrm-host.ts';
import { SetClock } from './model.ts';

export const scripts = packagedScripts();
const timeout = minutes(1);
/** Polls of a host that comes back. */
const pollInterval = milliseconds(20);

/** A fleet with quick restarts, that is stopped when its test ends. */
export class TestFleet {
  readonly fleet: Fleet;
  readonly clock: SetClock;
  readonly log: readonly LabLogEntry[];

  private constructor(fleet: Fleet, clock: SetClock, log: readonly LabLogEntry[]) {
    this.fleet = fleet;
    this.clock = clock;
    this.log = log;
  }

  static async start(scenario: unknown, options: Partial<FleetOptions> = {}): Promise<TestFleet> {
    const clock = new SetClock(instant(Date.UTC(2026, 10, 24, 22)));
    const log: LabLogEntry[] = [];
    const started = await startFleet({
      scenario: Scenario.parse({
        reboot: { quietMs: [30, 30], downMs: [60, 60], startingMs: [30, 30] },
        ...(scenario as object),
      }),
      seed: 'test',
      catalog: controlCatalog,
      listener: systemListener,
      clock,
      timers: systemTimers,
      entropy: systemEntropy,
      accounts: new Map([['CORP\\ops', new Secret('Pä$$wörd')]]),
      log: (entry) => log.push(entry),
      ...options,
    });
    const fleet = unwrap(started);
    onTestFinished(() => fleet.close());
    return new TestFleet(fleet, clock, log);
  }

  open(name: string, changes: Partial<Target> = {}, signal = never): Promise<Result<HostSession>> {
    const port = this.fleet.hosts.find((host) => host.name === name)?.port ?? 0;
    return sessions.open(loopbackTarget(port, { host: name, ...changes }), signal);
  }

  /** Opens a session that must open, and closes it with the test. */
  async session(name: string): Promise<HostSession> {
    const session = unwrap(await this.open(name));
    onTestFinished(() => session.close());
    return session;
  }

  /** Waits for what the log will say; the test's own time limit is the bound. */
  async logged(matches: (entry: LabLogEntry) => boolean): Promise<LabLogEntry> {
    for (;;) {
      const found = this.log.find(matches);
      if (found !== undefined) return found;
      await systemTimers.sleep(pollInterval, never);
    }
  }

  /** Opens sessions until one opens on another boot than the given one, as a client that waits for a restart does. */
  async waitForBootAfter(name: string, bootId: unknown): Promise<JsonObject> {
    for (;;) {
      const opened = await this.open(name, { connectTimeout: seconds(1) });
      if (opened.ok) {
        const ready = await opened.value.read(scripts.read('survey/readiness'), {}, { timeout }, never);
        await opened.value.close();
        if (ready.ok && object(ready)['bootId'] !== bootId) return object(ready);
      }
      await systemTimers.sleep(pollInterval, never);
    }
  }

  /** Sends a write that may start within a minute of the fleet's clock. */
  write(session: HostSession, name: string, args: JsonObject): Promise<Result<ScriptOutput>> {
    const permit = issueWritePermit(session.host, 'test');
    const validUntil = plus(this.clock.now(), minutes(1));
    return session.write(scripts.write(name), args, permit, { timeout, validUntil }, never);
  }
}

export async function read(session: HostSession, name: string, args: JsonObject = {}): Promise<JsonObject> {
  return object(await session.read(scripts.read(name), args, { timeout }, never));
}

/** Arguments of a request for a restart. */
export function rebootArguments(boot: JsonObject, nonce: string): JsonObject {
  const { bootTime, bootId } = boot;
  return {
    ...{ Nonce: nonce, Comment: 'Countersign', DelaySeconds: 5 },
    ...{ BootTime: bootTime, BootId: bootId },
  };
}

/** The one object that a script gave. */
export function object(result: Result<ScriptOutput>): JsonObject {
  return unwrap(result).output[0] as JsonObject;
}
