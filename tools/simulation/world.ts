import { formatInstant, instant, minutes, parseInstant, plus, seconds } from '../../src/core/time.ts';
import type { Instant } from '../../src/core/time.ts';
import { seededChance } from '../../src/lab/prng.ts';
import type { BootIdentity } from '../../src/model/facts.ts';
import type { Intent, RebootHost, WriteControl } from '../../src/model/intent.ts';
import type { FoundStep, IntentOutcome } from '../../src/model/intent-outcome.ts';
import { outcomeOf } from '../../src/engine/outcome-of.ts';
import type { Scenario } from './scenario.ts';

/** Something that really happened to a host. */
export interface Effect {
  readonly at: Instant;
  readonly kind: 'write' | 'reboot';
  readonly host: string;
  readonly phase: string;
  readonly control?: string;
  readonly intent: string;
  /** Members of the host's sets that were up at that moment, by set, the host itself not counted. */
  readonly upInSets: Readonly<Record<string, number>>;
}

interface FakeHost {
  boots: number;
  bootedAt: Instant;
  downUntil: Instant;
  diesAt: Instant;
  readonly written: Map<string, 'pending' | 'in-force'>;
  /** Nonces in the event log. */
  readonly log: Set<string>;
}

const never = instant(Number.MAX_SAFE_INTEGER);

/** A fleet that does what intents ask, with faults that depend on the seed and the intent alone. */
export class World {
  readonly effects: Effect[] = [];
  readonly #scenario: Scenario;
  readonly #hosts = new Map<string, FakeHost>();

  constructor(scenario: Scenario, start: Instant) {
    this.#scenario = scenario;
    for (const { host, steps } of scenario.plan.hosts) {
      const chance = this.#chance(host);
      const dies = !scenario.calm && chance.next() < 0.1;
      const written: FakeHost['written'] = new Map();
      for (const { action, control } of steps) {
        if (action === 'none') written.set(control, 'in-force');
        if (action === 'reboot') written.set(control, 'pending');
      }
      this.#hosts.set(host, {
        ...{ boots: 1, bootedAt: instant(Date.parse('2026-11-01T00:00:00Z')), downUntil: instant(0) },
        ...{
          diesAt: dies ? plus(start, minutes(chance.between([0, 3000]))) : never,
          written,
          log: new Set(),
        },
      });
    }
  }

  #chance(subject: string) {
    return seededChance(`${this.#scenario.seed}/${subject}`);
  }

  #host(name: string): FakeHost {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new TypeError(name);
    return host;
  }

  isUp(name: string, at: Instant): boolean {
    const host = this.#host(name);
    return at >= host.downUntil && at < host.diesAt;
  }

  boot(name: string): BootIdentity {
    const { boots, bootedAt } = this.#host(name);
    return { bootTime: formatInstant(bootedAt), bootId: boots };
  }

  /** A trait of a host that no attempt changes, such as one that always refuses its writes. */
  #always(trait: string, host: string, share: number): boolean {
    return this.#chance(`${trait}/${host}`).next() < share;
  }

  probe(intent: Intent, at: Instant): IntentOutcome {
    if (
      !this.isUp(intent.host, at) ||
      this.#always('unreachable', intent.host, this.#scenario.calm ? 0 : 0.06)
    )
      return outcomeOf(intent, 'unreachable', 'no answer');
    if (this.#always('denied', intent.host, 0.04)) return outcomeOf(intent, 'failed', 'denied');
    const steps = this.#steps(intent);
    const isDue = steps.some((step) => step.compliance !== 'compliant');
    const finding = { steps, boot: this.boot(intent.host), pendingReboot: [] };
    if (isDue && this.#always(`differs/${intent.phase}`, intent.host, 0.06))
      return found(intent, 'held', { ...finding, verdict: 'differs' });
    const planned = this.#planned(intent).some((step) => step.action !== 'none');
    return found(intent, 'probed', { ...finding, verdict: isDue || !planned ? 'same' : 'satisfied' });
  }

  verify(intent: Intent & { kind: 'verify-host' }, at: Instant): IntentOutcome {
    if (!this.isUp(intent.host, at)) return outcomeOf(intent, 'unreachable', 'no answer');
    const steps = this.#steps(intent);
    const boot = this.boot(intent.host);
    const by = (compliance: string) => steps.some((step) => step.compliance === compliance);
    const isOther = intent.boot !== null && intent.boot.bootId !== boot.bootId;
    const verdict =
      by('pending-reboot') || isOther ? 'not-settled' : by('drifted') ? 'not-as-wanted' : 'as-wanted';
    return {
      ...{ kind: 'verify-host', result: 'done', reason: verdict },
      finding: { verdict, steps, boot, pendingReboot: [] },
    };
  }

  #planned({ host, phase }: Intent) {
    const planned = this.#scenario.plan.hosts.find((it) => it.host === host);
    return planned?.steps.filter((step) => step.phase === phase) ?? [];
  }

  #steps(intent: Intent): FoundStep[] {
    return this.#planned(intent).map((step) => {
      const state = this.#host(intent.host).written.get(step.control);
      const base = { control: step.control, found: { on: state !== undefined }, reason: state ?? 'off' };
      if (state === 'in-force') return { ...base, compliance: 'compliant', change: {}, reboot: false };
      if (state === 'pending') return { ...base, compliance: 'pending-reboot', change: {}, reboot: true };
      return { ...base, compliance: 'drifted', change: { on: true }, reboot: step.reboot };
    });
  }

  /** The write arrives at `at`, or never. */
  write(intent: WriteControl, at: Instant): IntentOutcome {
    if (!this.isUp(intent.host, at)) return outcomeOf(intent, 'unreachable', 'no answer');
    if (at > (parseInstant(intent.validUntil) ?? 0)) return outcomeOf(intent, 'not-done', 'refused late');
    if (this.#always('refuses', `${intent.host}/${intent.control}`, 0.05))
      return outcomeOf(intent, 'failed', 'access is denied');
    const step = this.#planned(intent).find(({ control }) => control === intent.control);
    this.#host(intent.host).written.set(intent.control, step?.reboot === true ? 'pending' : 'in-force');
    this.effects.push(this.#effect('write', intent, at));
    return this.written(intent);
  }

  written(intent: WriteControl): IntentOutcome {
    const isWritten = this.#host(intent.host).written.has(intent.control);
    if (!isWritten) return outcomeOf(intent, 'not-done', 'not written');
    return {
      ...outcomeOf(intent, 'done', 'written'),
      ...{ kind: 'write-control', changed: ['on'], restartNeeded: false, after: { on: true } },
      boot: this.boot(intent.host),
    };
  }

  /** Members that do not answer, of the first set that would fall below its minimum. */
  unhealthy({ guards }: RebootHost, at: Instant): string[] {
    for (const { partners, minHealthy } of guards) {
      const down = partners.filter((name) => !this.isUp(name, at));
      if (partners.length - down.length < minHealthy) return down;
    }
    return [];
  }

  /** The request arrives at `at`: the host goes down, unless it is late, refused, or its boot is another already. */
  requestReboot(intent: RebootHost, at: Instant): 'accepted' | 'unreachable' | 'late' | 'elsewhere' {
    const host = this.#host(intent.host);
    if (!this.isUp(intent.host, at)) return 'unreachable';
    if (intent.bootBefore.bootId !== host.boots) return 'elsewhere';
    if (at > (parseInstant(intent.validUntil) ?? 0)) return 'late';
    this.effects.push(this.#effect('reboot', intent, at));
    host.log.add(intent.nonce);
    host.boots += 1;
    host.downUntil = plus(at, seconds(this.#chance(intent.id).between([60, 600])));
    host.bootedAt = host.downUntil;
    if (this.#always('no-return', intent.host, this.#scenario.calm ? 0 : 0.04)) host.diesAt = host.downUntil;
    for (const [control, state] of host.written)
      if (state === 'pending') host.written.set(control, 'in-force');
    return 'accepted';
  }

  hasLogged(host: string, nonce: string): boolean {
    return this.#host(host).log.has(nonce);
  }

  backAt(host: string): Instant {
    return this.#host(host).downUntil;
  }

  #effect(kind: Effect['kind'], intent: Intent, at: Instant): Effect {
    const sets = this.#scenario.plan.sets.filter((set) => set.hosts.includes(intent.host));
    const up = (hosts: readonly string[]) =>
      hosts.filter((name) => name !== intent.host && this.isUp(name, at)).length;
    return {
      ...{ at, kind, host: intent.host, phase: intent.phase, intent: intent.id },
      ...(intent.kind === 'write-control' ? { control: intent.control } : {}),
      upInSets: Object.fromEntries(sets.map((set) => [set.name, up(set.hosts)])),
    };
  }
}

type ProbeFinding = NonNullable<(IntentOutcome & { kind: 'probe-host' })['finding']>;

function found(intent: Intent, reason: string, finding: ProbeFinding): IntentOutcome {
  return { ...outcomeOf(intent, 'done', reason), kind: 'probe-host', finding };
}
