import { quantity } from '../core/quantity.ts';
import type { RunEvent } from '../model/event.ts';
import type { Intent } from '../model/intent.ts';
import type { IntentOutcome } from '../model/intent-outcome.ts';
import { describeFields } from './describe-fields.ts';

/** How loud an event is in a list of lines: what a person must see, progress, and detail. */
export type EventLevel = 'alarm' | 'milestone' | 'progress' | 'detail';

export interface EventDescription {
  readonly level: EventLevel;
  readonly text: string;
}

/** One event in one sentence for people. */
export function describeEvent(event: RunEvent): EventDescription {
  const { host = '?', phase = '?' } = event;
  switch (event.type) {
    case 'run.started':
      return milestone(
        `Run ${event.run} started by ${event.data.by}: ${event.data.plan.name}, ${quantity(event.data.plan.hosts.length, 'host')}`,
      );
    case 'controller.started':
      return detail(`Process ${event.data.pid} on ${event.data.machine} controls the run`);
    case 'controller.stopped':
      return milestone(stopped(event.data.reason, event.data.next));
    case 'run.waiting':
      return milestone(waiting(event.data.until, event.data.reasons));
    case 'run.paused':
    case 'run.continued':
    case 'run.aborted':
      return alarm(`Run ${event.type.slice(4)} by ${event.data.by}: ${event.data.reason}`);
    case 'run.interrupted':
      return alarm(`Interrupted (${event.data.signal}): what is in flight is finished, nothing new starts`);
    case 'run.ended':
      return milestone(`Run ended: ${event.data.state}; ${counts(event.data.counts)}`);
    case 'phase.entered':
      return milestone(`Phase ${phase} entered`);
    case 'phase.ended':
      return milestone(`Phase ${phase} ended: ${counts(event.data.counts)}`);
    case 'wave.opened':
      return milestone(`Wave ${event.data.name} of ${phase} opened`);
    case 'wave.ended':
      return progress(`Wave ${event.data.wave + 1} of ${phase} ended: ${counts(event.data.counts)}`);
    case 'gate.waiting':
      return alarm(
        `Gate of ${phase} asks: ${event.data.ask} Answer with: countersign promote ${event.run} --reason TEXT`,
      );
    case 'gate.passed':
      return milestone(`Gate of ${phase} passed by ${event.data.by}: ${event.data.reason}`);
    case 'gate.failed':
      return alarm(`Gate of ${phase} failed: ${event.data.reason}`);
    case 'soak.started':
      return milestone(`${phase} soaks until ${event.data.until}`);
    case 'soak.ended':
      return progress(soakEnded(phase, event.data.promoted));
    case 'host.held':
    case 'host.released':
      return alarm(`${host} ${event.type.slice(5)} by ${event.data.by}: ${event.data.reason}`);
    case 'intent.recorded':
      return describeIntent(event.data.intent);
    case 'intent.settled':
      return describeOutcome(host, event.data.outcome);
    case 'step.finished':
      return progress(`${host}: ${event.data.control} ${stepResult(event.data)}`);
    case 'host.finished':
      return hostFinished(host, event.data);
    case 'budget.tripped':
      return alarm(
        `Budget of the ${event.data.scope} tripped: ${event.data.hosts.length} ${event.data.outcome}, ${event.data.tolerated} tolerated (${event.data.hosts.join(', ')})`,
      );
    case 'command.refused':
      return alarm(`Command ${event.data.command} of ${event.data.by} refused: ${event.data.because}`);
    default:
      return event satisfies never;
  }
}

/** `2 ok, 1 held`; the outcomes that occur, in the order of the contract. */
export function counts(by: Readonly<Partial<Record<string, number>>>): string {
  const order = ['ok', 'changed', 'held', 'failed', 'unreachable', 'unknown', 'not-started'];
  const present = order.filter((outcome) => (by[outcome] ?? 0) > 0);
  return present.length === 0
    ? 'no host'
    : present.map((outcome) => `${by[outcome] ?? 0} ${outcome}`).join(', ');
}

const alarm = (text: string): EventDescription => ({ level: 'alarm', text });
const milestone = (text: string): EventDescription => ({ level: 'milestone', text });
const progress = (text: string): EventDescription => ({ level: 'progress', text });
const detail = (text: string): EventDescription => ({ level: 'detail', text });

function stopped(reason: string, next: string | null): string {
  const words: Readonly<Record<string, string>> = {
    ended: 'The controller has finished',
    interrupted: 'The controller let go after an interrupt; go on with: countersign resume',
    once: 'All that may be done now is done',
    paused: 'The run is paused; go on with: countersign resume',
  };
  return `${words[reason] ?? reason}${next === null ? '' : `; next at ${next}`}`;
}

function waiting(until: string | null, reasons: readonly string[]): string {
  const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
  return until === null ? `Waiting for a person${why}` : `Waiting until ${until}${why}`;
}

function soakEnded(
  phase: string,
  promoted: { readonly by: string; readonly reason: string } | undefined,
): string {
  return promoted === undefined
    ? `Soak of ${phase} is over`
    : `Soak of ${phase} cut short by ${promoted.by}: ${promoted.reason}`;
}

function describeIntent(intent: Intent): EventDescription {
  switch (intent.kind) {
    case 'probe-host':
      return detail(`${intent.host}: surveying`);
    case 'write-control':
      return progress(`${intent.host}: ${intent.control} ← ${describeFields(intent.change)}`);
    case 'reboot-host':
      return milestone(`${intent.host}: rebooting (${intent.nonce.slice(0, 8)})`);
    case 'verify-host':
      return detail(`${intent.host}: surveying again`);
    default:
      return intent satisfies never;
  }
}

function describeOutcome(host: string, outcome: IntentOutcome): EventDescription {
  const text = `${host}: ${outcome.kind} ${outcome.result}: ${outcome.reason}`;
  if (outcome.result === 'failed' || outcome.result === 'unknown') return alarm(text);
  if (outcome.kind === 'reboot-host' || outcome.result !== 'done') return progress(text);
  return detail(text);
}

function stepResult(data: {
  readonly changed: boolean;
  readonly verified: boolean;
  readonly reason: string;
}): string {
  if (!data.changed) return `unchanged: ${data.reason}`;
  return data.verified ? 'changed and verified' : `changed, not verified: ${data.reason}`;
}

function hostFinished(
  host: string,
  data: { readonly outcome: string; readonly reason: string },
): EventDescription {
  const text = `${host}: ${data.outcome}${data.reason === '' ? '' : ` – ${data.reason}`}`;
  return data.outcome === 'ok' || data.outcome === 'changed' ? progress(text) : alarm(text);
}
