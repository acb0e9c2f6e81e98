import type { Instant } from '../core/time.ts';
import type { EventOf, EventType, RunEvent } from '../model/event.ts';
import { draftOf } from './draft.ts';
import type { Draft } from './draft.ts';
import * as intents from './fold-intents.ts';
import * as stages from './fold-stages.ts';
import * as steering from './fold-steering.ts';
import { initialState } from './initial-state.ts';
import { recordedTime } from './recorded-time.ts';
import type { RunState } from './state.ts';

/**
 * The state of a run after `events`.
 *
 * @param events - In order; the first one is `run.started` unless `from` is given.
 * @param from - The state before them; it is not changed.
 * @throws TypeError when there is no state to start from, which is our own bug: journals are verified when read.
 */
export function fold(events: readonly RunEvent[], from?: RunState): RunState {
  const [first, ...others] = events;
  if (from === undefined) {
    if (first?.type !== 'run.started') throw new TypeError('a journal begins with run.started');
    return fold(others, initialState(first, recordedTime(first.at)));
  }
  const draft = draftOf(from);
  for (const event of events) foldOne(draft, event);
  return draft;
}

type Handlers = { [T in EventType]: (draft: Draft, event: EventOf<T>, at: Instant) => void };

const handlers: Handlers = {
  'run.started': () => undefined,
  'controller.started': steering.controllerStarted,
  'controller.stopped': steering.controllerStopped,
  'run.waiting': steering.runWaiting,
  'run.paused': steering.runPaused,
  'run.continued': steering.runContinued,
  'run.aborted': steering.runAborted,
  'run.interrupted': steering.runInterrupted,
  'run.ended': steering.runEnded,
  'budget.tripped': steering.budgetTripped,
  'host.held': steering.hostHeld,
  'host.released': steering.hostReleased,
  'command.refused': () => undefined,
  'phase.entered': stages.phaseEntered,
  'phase.ended': stages.phaseEnded,
  'wave.opened': stages.waveOpened,
  'wave.ended': stages.waveEnded,
  'gate.waiting': stages.gateWaiting,
  'gate.passed': stages.gatePassed,
  'gate.failed': stages.gateFailed,
  'soak.started': stages.soakStarted,
  'soak.ended': stages.soakEnded,
  'step.finished': stages.stepFinished,
  'host.finished': stages.hostFinished,
  'intent.recorded': intents.intentRecorded,
  'intent.settled': intents.intentSettled,
};

function foldOne(draft: Draft, event: RunEvent): void {
  const at = recordedTime(event.at);
  // The table is exhaustive by its type; only the pairing of the two unions is lost on the compiler.
  const handle = handlers[event.type] as (draft: Draft, event: RunEvent, at: Instant) => void;
  handle(draft, event, at);
  draft.at = at;
  draft.head = { seq: event.seq, hash: event.hash };
  draft.inboxSeen = Math.max(draft.inboxSeen, inboxOf(event) ?? 0);
}

function inboxOf(event: RunEvent): number | undefined {
  if ('inbox' in event.data) return event.data.inbox;
  return event.type === 'soak.ended' ? event.data.promoted?.inbox : undefined;
}
