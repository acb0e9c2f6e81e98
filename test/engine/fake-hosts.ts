import { failure } from '../../src/core/failure.ts';
import type { Failure } from '../../src/core/failure.ts';
import { lateErrorId } from '../../src/core/script-frame.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { err, ok } from '../../src/core/result.ts';
import type { Result } from '../../src/core/result.ts';
import { Secret } from '../../src/core/secret.ts';
import { formatInstant, hours, instant, plus, seconds } from '../../src/core/time.ts';
import type { Instant } from '../../src/core/time.ts';
import { WritePermit } from '../../src/core/write-permit.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Credentials } from '../../src/ports/credentials.ts';
import type { ReadScript, Scripts, WriteScript } from '../../src/ports/scripts.ts';
import type { HostSession, ScriptOutput, SessionFactory, WriteOptions } from '../../src/ports/session.ts';
import { factsOf } from './plan-fixture.ts';

/** What a test sets up on one host, and finds there afterwards. */
export interface FakeHost {
  on: boolean;
  /** The write is accepted and does not last. */
  reverts: boolean;
  boots: number;
  /** Looks that find nobody after a reboot. */
  looksDown: number;
  looksUntilReady: number;
  comesBack: boolean;
  reachable: boolean;
  servicing: 'idle' | 'waiting' | 'working';
  stopped: string[];
  /** Host clock minus ours. */
  offsetMs: number;
  shutdownExit: number;
  /** The connection breaks with the write: before the host took it up, or after. */
  breaks: 'before' | 'after' | undefined;
  scriptFails: boolean;
  log: string[];
  /** Whether the event log reaches back far enough. */
  logReaches: boolean;
  /** Writes that arrived, by script. */
  readonly writes: string[];
}

const healthy = (): FakeHost => ({
  on: false,
  reverts: false,
  boots: 1,
  looksDown: 2,
  looksUntilReady: 0,
  comesBack: true,
  reachable: true,
  servicing: 'idle',
  stopped: [],
  offsetMs: 0,
  shutdownExit: 0,
  breaks: undefined,
  scriptFails: false,
  log: [],
  logReaches: true,
  writes: [],
});

/** Hosts behind the session port; each answers our scripts from its state. */
export class FakeHosts implements SessionFactory {
  readonly #clock: Clock;
  readonly #hosts = new Map<string, FakeHost>();
  readonly #down = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  host(name: string): FakeHost {
    const host = this.#hosts.get(name) ?? healthy();
    this.#hosts.set(name, host);
    return host;
  }

  readonly credentials: Credentials = {
    target: (host) =>
      ok({
        ...{ host, address: host, port: 5985, scheme: 'http', path: '/wsman', auth: 'ntlm', user: 'u' },
        ...{ password: new Secret('p'), configuration: 'Microsoft.PowerShell' },
        ...{ connectTimeout: seconds(1), operationTimeout: seconds(1) },
      }),
  };

  async open({ host: name }: { host: string }): Promise<Result<HostSession>> {
    const host = this.host(name);
    const down = this.#down.get(name) ?? 0;
    if (down > 0) this.#down.set(name, down - 1);
    if (!host.reachable || down > 0) return err(failure('net.refused', { address: name, port: 5985 }));
    return ok({
      host: name,
      server: { protocol: '2.3', powershell: '5.1' },
      read: async (script, args) => this.#read(name, script, args),
      write: async (script, args, permit, options) => {
        if (!WritePermit.isGenuine(permit) || permit.host !== name) throw new TypeError('no permit');
        return this.#write(name, script, { args, options });
      },
      close: async () => {},
    });
  }

  #hostTime(name: string): Instant {
    return instant(this.#clock.now() + this.host(name).offsetMs);
  }

  #boot(name: string) {
    const { boots } = this.host(name);
    return {
      bootTime: formatInstant(plus(instant(Date.parse('2026-11-01T00:00:00Z')), hours(boots))),
      bootId: boots,
    };
  }

  #readiness(name: string) {
    const host = this.host(name);
    const isStarting = host.boots > 1 && host.looksUntilReady > 0;
    if (isStarting) host.looksUntilReady -= 1;
    const state = (service: string) => (isStarting || host.stopped.includes(service) ? 'Stopped' : 'Running');
    return {
      ...this.#boot(name),
      hostTime: formatInstant(this.#hostTime(name)),
      pendingReboot: [],
      servicing: host.servicing,
      services: { LanmanServer: state('LanmanServer'), LanmanWorkstation: state('LanmanWorkstation') },
    };
  }

  #read(name: string, script: ReadScript, args: JsonObject): Result<ScriptOutput> {
    const host = this.host(name);
    if (script.name === 'survey/readiness') return output(this.#readiness(name));
    if (script.name === 'survey/facts') return output({ ...factsOf(name), ...this.#readiness(name) });
    if (script.name === 'engine/reboot-evidence') {
      const isLogged = host.log.includes(args['Nonce'] as string);
      return output({
        ...this.#boot(name),
        hostTime: formatInstant(this.#hostTime(name)),
        requested: isLogged ? 'yes' : host.logReaches ? 'no' : 'unknown',
        requestedAt: isLogged ? formatInstant(this.#hostTime(name)) : null,
      });
    }
    return output({ on: host.on });
  }

  #write(
    name: string,
    script: WriteScript,
    { args, options }: { args: JsonObject; options: WriteOptions },
  ): Result<ScriptOutput> {
    const host = this.host(name);
    if (this.#hostTime(name) > options.validUntil)
      return err(failure('session.refused-late', { host: name, script: script.name, errorId: lateErrorId }));
    if (host.breaks === 'before') return err(broken(name, script));
    if (host.scriptFails)
      return err(failure('script.failed', { host: name, script: script.name, reason: 'no' }));
    host.writes.push(script.name);
    const answer = script.name === 'engine/reboot-request' ? this.#reboot(name, args) : this.#set(name, args);
    return host.breaks === 'after' ? err(broken(name, script)) : output(answer);
  }

  #set(name: string, args: JsonObject): JsonObject {
    const host = this.host(name);
    if (!host.reverts) host.on = args['on'] === true;
    return { changed: ['on'], restartNeeded: true };
  }

  #reboot(name: string, args: JsonObject): JsonObject {
    const host = this.host(name);
    const before = this.#boot(name);
    const reasons: Record<number, string> = {
      0: 'accepted',
      5: 'access-denied',
      1115: 'shutdown-in-progress',
      1190: 'shutdown-already-scheduled',
      1191: 'users-logged-on',
    };
    const reason = reasons[host.shutdownExit] ?? 'refused';
    if (host.shutdownExit === 0) host.log.push(args['Nonce'] as string);
    if (host.shutdownExit === 0 || host.shutdownExit === 1115) this.goDown(name);
    return { ...before, accepted: reason === 'accepted', exitCode: host.shutdownExit, reason };
  }

  /** The host restarts, whoever asked for it. */
  goDown(name: string): void {
    const host = this.host(name);
    host.boots += 1;
    this.#down.set(name, host.comesBack ? host.looksDown : Infinity);
  }
}

function broken(host: string, script: WriteScript): Failure {
  return failure('session.outcome-unknown', { host, script: script.name });
}

function output(value: JsonObject): Result<ScriptOutput> {
  return ok({ output: [value], errors: [], warnings: [], verbose: [] });
}

/** Scripts by name; the fake hosts look at nothing else. */
export const namedScripts: Scripts = {
  read: (name) => ({ kind: 'read', name, text: '' }),
  write: (name) => ({ kind: 'write', name, text: '' }),
};
