import { begin, prepare } from '../../src/engine/run-journal.ts';
import { instant, plus } from '../../src/core/time.ts';
import type { Duration, Instant } from '../../src/core/time.ts';
import type { SteeringCommand } from '../../src/model/command.ts';
import type { EventDraft, RunEvent } from '../../src/model/event.ts';
import type { Intent, IntentKind } from '../../src/model/intent.ts';
import type { IntentOutcome } from '../../src/model/intent-outcome.ts';
import type { Plan } from '../../src/model/plan.ts';
import { outcomeOf } from '../../src/engine/outcome-of.ts';
import { decide } from '../../src/run/decide.ts';
import type { Decision } from '../../src/run/decision.ts';
import { Openings } from '../../src/run/openings.ts';
import type { HostPhase, RunState } from '../../src/run/state.ts';
import { steer } from '../../src/run/steer.ts';

const boot = { bootTime: '2026-11-01T00:00:00Z', bootId: 1 };

/** A run that a test tells step by step: what the policy decides, and what came of it. */
export class Story {
  now: Instant;
  state: RunState;
  readonly events: RunEvent[] = [];
  last: Decision = { events: [], intents: [], waits: [] };
  readonly #openings: Openings;
  #inbox = 0;

  constructor(plan: Plan, at = '2026-11-23T20:00:00Z') {
    this.now = instant(Date.parse(at));
    const started = begin({ type: 'run.started', data: { plan, by: 'test' } }, 'r', this.now);
    this.state = started.state;
    this.#openings = new Openings(plan.calendar);
    this.go();
  }

  /** Lets the policy decide until it only waits; its intents are recorded. */
  go(): this {
    for (;;) {
      this.last = decide(this.state, this.now, this.#openings);
      this.#record(this.last.events);
      this.#record(
        this.last.intents.map((intent) => ({
          ...{ type: 'intent.recorded', host: intent.host, phase: intent.phase, data: { intent } },
        })),
      );
      if (this.last.events.length + this.last.intents.length === 0) return this;
    }
  }

  later(length: Duration): this {
    this.now = plus(this.now, length);
    return this.go();
  }

  until(at: string): this {
    this.now = instant(Date.parse(at));
    return this.go();
  }

  say(command: SteeringCommand['command'], host?: string): this {
    this.#inbox += 1;
    const body = { command, by: 'ann', reason: 'told so', ...(host === undefined ? {} : { host }) };
    this.#record([steer(this.state, body, this.#inbox)]);
    return this.go();
  }

  record(...drafts: EventDraft[]): this {
    this.#record(drafts);
    return this.go();
  }

  #record(drafts: readonly EventDraft[]): void {
    const { events, state } = prepare(this.state, drafts, this.now);
    this.events.push(...events);
    this.state = state;
  }

  /** The hosts that have an intent of this kind in flight. */
  inFlight(kind: IntentKind): string[] {
    return [...this.state.inFlight.values()].flatMap(({ intent }) =>
      intent.kind === kind ? [intent.host] : [],
    );
  }

  intentOf(host: string): Intent {
    const found = [...this.state.inFlight.values()].find(({ intent }) => intent.host === host);
    if (found === undefined) throw new TypeError(`${host} has nothing in flight`);
    return found.intent;
  }

  /** Settles what the host has in flight: with success, or as `change` says. */
  settle(host: string, change: Partial<IntentOutcome> = {}): this {
    const intent = this.intentOf(host);
    const outcome = { ...succeeded(intent, this.state), ...change } as IntentOutcome;
    return this.record({
      ...{ type: 'intent.settled', host, phase: intent.phase },
      data: { intent: intent.id, outcome },
    });
  }

  fail(host: string, result: IntentOutcome['result'], change: Partial<IntentOutcome> = {}): this {
    return this.settle(host, {
      ...outcomeOf(this.intentOf(host), result, `it was ${result}`),
      ...change,
    } as Partial<IntentOutcome>);
  }

  /** Settles everything that this host does until it is through with the phase it is in. */
  finish(host: string, settle: Duration): this {
    const { phase } = this.intentOf(host);
    while (this.host(host, phase).status !== 'done') {
      const isBusy = [...this.state.inFlight.values()].some(({ intent }) => intent.host === host);
      if (isBusy) this.settle(host);
      else this.later(settle);
    }
    return this;
  }

  host(name: string, phase = 'disable'): HostPhase {
    return this.state.hosts.get(name)!.phases[phase]!;
  }

  types(): string[] {
    return this.events.map(({ type }) => type);
  }

  /** What hosts wait for, in full. */
  hostWaits() {
    return this.last.waits.filter(({ host }) => host !== undefined);
  }

  waitsOf(host?: string): string[] {
    return this.last.waits.filter((wait) => wait.host === host).map(({ code }) => code);
  }
}

/** What each kind of intent leads to when all goes well, as the plan foresees. */
function succeeded(intent: Intent, state: RunState): IntentOutcome {
  const base = outcomeOf(intent, 'done', 'done');
  const planned = state.plan.hosts.find(({ host }) => host === intent.host)?.steps ?? [];
  const steps = planned.filter(({ phase }) => phase === intent.phase);
  switch (base.kind) {
    case 'probe-host':
      return {
        ...base,
        finding: {
          verdict: 'same',
          boot,
          pendingReboot: [],
          steps: steps.map((step) => ({
            ...{ control: step.control, found: step.from, change: step.to, reason: step.reason },
            compliance: step.action === 'none' ? 'compliant' : 'drifted',
            reboot: step.reboot,
          })),
        },
      };
    case 'write-control':
      return { ...base, after: { on: true }, changed: ['on'], restartNeeded: false, boot };
    case 'reboot-host':
      return { ...base, bootAfter: { ...boot, bootId: 2 }, by: 'countersign' };
    case 'verify-host':
      return {
        ...base,
        finding: {
          verdict: 'as-wanted',
          boot: { ...boot, bootId: 2 },
          pendingReboot: [],
          steps: steps.map((step) => ({
            ...{ control: step.control, found: { on: true }, change: {}, reason: 'on' },
            ...{ compliance: 'compliant', reboot: false },
          })),
        },
      };
  }
}
