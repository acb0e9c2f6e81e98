import type { RunEvent } from '../model/event.ts';
import type { Intent } from '../model/intent.ts';
import type { FoundStep, IntentOutcome } from '../model/intent-outcome.ts';
import type { ControlState } from '../model/observation.ts';

/** What a journal proves about one control of one host in one phase. */
export interface StepEvidence {
  readonly before: ControlState;
  readonly wanted: ControlState;
  readonly after: ControlState | undefined;
  readonly written: boolean;
  readonly needsReboot: boolean;
  readonly reboots: number;
  readonly verified: boolean;
  readonly reason: string;
}

/** What a journal proves about one host in one phase. */
export interface PhaseEvidence {
  /** By control id, in the order in which the probe named them. */
  readonly steps: ReadonlyMap<string, StepEvidence>;
  /** What the last failure advises; undefined after a success. */
  readonly hint: string | undefined;
}

type Draft = { steps: Map<string, StepEvidence>; hint: string | undefined };

/**
 * Before and after of every step, straight from the events.
 *
 * The run's state forgets what was found before a person released a host; here the first reading stays the `before`, so
 * that a change made in a first try is not lost in a second one.
 */
export class Evidence {
  readonly #pairs = new Map<string, Draft>();

  constructor(events: readonly RunEvent[]) {
    const intents = new Map<string, Intent>();
    for (const event of events) {
      if (event.type === 'intent.recorded') intents.set(event.data.intent.id, event.data.intent);
      if (event.type === 'intent.settled') {
        const intent = intents.get(event.data.intent);
        if (intent !== undefined) settle(this.#pair(intent.host, intent.phase), intent, event.data.outcome);
      }
      if (event.type === 'step.finished') {
        const { control, after, verified, reason } = event.data;
        const { steps } = this.#pair(event.host ?? '', event.phase ?? '');
        change(steps, control, { after, verified, reason });
      }
    }
  }

  of(host: string, phase: string): PhaseEvidence {
    return this.#pairs.get(pairKey(host, phase)) ?? { steps: new Map(), hint: undefined };
  }

  #pair(host: string, phase: string): Draft {
    const key = pairKey(host, phase);
    const pair = this.#pairs.get(key) ?? { steps: new Map(), hint: undefined };
    this.#pairs.set(key, pair);
    return pair;
  }
}

// A host's name may hold any character, so the pair is quoted.
const pairKey = (host: string, phase: string): string => JSON.stringify([host, phase]);

function settle(pair: Draft, intent: Intent, outcome: IntentOutcome): void {
  pair.hint = outcome.result === 'done' ? undefined : outcome.failure?.hint;
  switch (outcome.kind) {
    case 'probe-host':
      for (const found of outcome.finding?.steps ?? []) probed(pair.steps, found);
      return;
    case 'verify-host':
      for (const { control, found, compliance, reason } of outcome.finding?.steps ?? [])
        change(pair.steps, control, { after: found, verified: compliance === 'compliant', reason });
      return;
    case 'write-control':
      if (intent.kind === 'write-control' && outcome.result === 'done')
        change(pair.steps, intent.control, written(outcome.after, outcome.restartNeeded));
      return;
    case 'reboot-host':
      if (outcome.result === 'done' || outcome.requestedAt !== undefined) rebooted(pair.steps);
      return;
    default:
      outcome satisfies never;
  }
}

/** The first probe tells the `before`; a later one, of a released host, tells how far the first try came. */
function probed(steps: Map<string, StepEvidence>, found: FoundStep): void {
  const known = steps.get(found.control);
  const needsReboot = found.reboot;
  if (known === undefined) {
    const nothing = { after: undefined, written: false, reboots: 0, verified: false };
    const { reason, change: wanted } = found;
    steps.set(found.control, { before: found.found, wanted, needsReboot, reason, ...nothing });
  } else if (known.written || known.reboots > 0) {
    change(steps, found.control, { after: found.found, verified: false, needsReboot, reason: found.reason });
  } else {
    const { found: before, change: wanted, reason } = found;
    change(steps, found.control, { before, wanted, needsReboot, reason });
  }
}

function written(after: ControlState | undefined, restartNeeded: boolean): Partial<StepEvidence> {
  return {
    ...{ after, written: true, verified: false },
    ...(restartNeeded ? { needsReboot: true } : {}),
  };
}

function rebooted(steps: Map<string, StepEvidence>): void {
  for (const [control, step] of steps)
    if (step.needsReboot) change(steps, control, { reboots: step.reboots + 1, verified: false });
}

function change(steps: Map<string, StepEvidence>, control: string, to: Partial<StepEvidence>): void {
  const step = steps.get(control);
  if (step !== undefined) steps.set(control, { ...step, ...to });
}
