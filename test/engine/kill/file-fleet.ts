import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { formatInstant, parseInstant } from '../../../src/core/time.ts';
import type { BootIdentity } from '../../../src/model/facts.ts';
import type { Intent, RebootHost } from '../../../src/model/intent.ts';
import type { IntentOutcome } from '../../../src/model/intent-outcome.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Dispatcher } from '../../../src/ports/dispatcher.ts';
import type { OpenIntent } from '../../../src/engine/engine-ports.ts';
import { outcomeOf } from '../../../src/engine/outcome-of.ts';

/** Something that happened to a host; one line of the fleet's file, which outlives the controller. */
export interface FleetEffect {
  readonly kind: 'write' | 'reboot';
  readonly host: string;
  readonly phase: string;
  readonly intent: string;
  readonly control?: string;
  readonly nonce?: string;
}

/** Hosts whose whole state is a file of effects: one appended line is one effect, whole or not there. */
export class FileFleet {
  readonly #path: string;
  readonly #plan: Plan;
  readonly #clock: Clock;
  readonly #pause: () => Promise<void>;

  constructor(path: string, plan: Plan, clock: Clock, pause: () => Promise<void>) {
    this.#path = path;
    this.#plan = plan;
    this.#clock = clock;
    this.#pause = pause;
  }

  effects(): FleetEffect[] {
    if (!existsSync(this.#path)) return [];
    const lines = readFileSync(this.#path, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as FleetEffect);
  }

  readonly dispatcher: Dispatcher<Intent, IntentOutcome> = {
    perform: async (intent) => {
      await this.#pause();
      switch (intent.kind) {
        case 'probe-host':
        case 'verify-host':
          return this.#read(intent);
        case 'write-control':
          this.#happen({ kind: 'write', ...at(intent), control: intent.control });
          await this.#pause();
          return this.#written(intent);
        case 'reboot-host':
          return this.#reboot(intent);
      }
    },
  };

  readonly reconciler: Dispatcher<OpenIntent, IntentOutcome> = {
    perform: async ({ intent }) => {
      await this.#pause();
      if (intent.kind === 'write-control') return { ...this.#written(intent), reconciled: true };
      if (intent.kind !== 'reboot-host')
        return { ...outcomeOf(intent, 'not-done', 'again'), reconciled: true };
      while (this.#boot(intent.host).bootId === intent.bootBefore.bootId) {
        if (this.#clock.now() > (parseInstant(intent.validUntil) ?? 0))
          return { ...outcomeOf(intent, 'not-done', 'not requested'), reconciled: true };
        await this.#pause();
      }
      return { ...this.#back(intent), reconciled: true };
    },
  };

  async #reboot(intent: RebootHost): Promise<IntentOutcome> {
    if (this.#boot(intent.host).bootId !== intent.bootBefore.bootId) return this.#back(intent);
    this.#happen({ kind: 'reboot', ...at(intent), nonce: intent.nonce });
    await this.#pause();
    return this.#back(intent);
  }

  #back(intent: RebootHost): IntentOutcome {
    const now = formatInstant(this.#clock.now());
    return {
      ...{ kind: 'reboot-host', result: 'done', reason: 'rebooted', bootBefore: intent.bootBefore },
      ...{ bootAfter: this.#boot(intent.host), requestedAt: now, backAt: now, by: 'countersign' },
    };
  }

  #written(intent: Intent & { kind: 'write-control' }): IntentOutcome {
    if (!this.#has(intent.host, intent.control)) return outcomeOf(intent, 'not-done', 'not written');
    return {
      ...{ kind: 'write-control', result: 'done', reason: 'written', changed: ['on'] },
      ...{ after: { on: true }, restartNeeded: false, boot: this.#boot(intent.host) },
    };
  }

  #read(intent: Intent & { kind: 'probe-host' | 'verify-host' }): IntentOutcome {
    const planned = this.#plan.hosts.find(({ host }) => host === intent.host)?.steps ?? [];
    const steps = planned
      .filter(({ phase }) => phase === intent.phase)
      .map(({ control, reboot }) => {
        const on = this.#has(intent.host, control);
        const compliance = on ? ('compliant' as const) : ('drifted' as const);
        return {
          control,
          compliance,
          found: { on },
          change: on ? {} : { on: true },
          reboot: !on && reboot,
          reason: '',
        };
      });
    const finding = { steps, boot: this.#boot(intent.host), pendingReboot: [] };
    const common = { result: 'done' as const, reason: 'read' };
    return intent.kind === 'probe-host'
      ? { kind: 'probe-host', ...common, finding: { ...finding, verdict: 'same' } }
      : { kind: 'verify-host', ...common, finding: { ...finding, verdict: 'as-wanted' } };
  }

  #has(host: string, control: string): boolean {
    return this.effects().some((effect) => effect.host === host && effect.control === control);
  }

  #boot(host: string): BootIdentity {
    const reboots = this.effects().filter((effect) => effect.kind === 'reboot' && effect.host === host);
    return { bootTime: '2026-11-01T00:00:00Z', bootId: 1 + reboots.length };
  }

  #happen(effect: FleetEffect): void {
    appendFileSync(this.#path, `${JSON.stringify(effect)}\n`);
  }
}

const at = ({ host, phase, id }: Intent) => ({ host, phase, intent: id });
