import type { Instant } from '../core/time.ts';
import type { RunEvent } from '../model/event.ts';
import type { Intent } from '../model/intent.ts';
import type { IntentOutcome } from '../model/intent-outcome.ts';
import type { Clock } from '../ports/clock.ts';
import type { Dispatcher } from '../ports/dispatcher.ts';
import type { Inbox, JournalStore, RunLock } from '../ports/journal-store.ts';
import type { Timers } from '../ports/timers.ts';
import type { RunState } from '../run/state.ts';

/** An intent that was recorded and not settled when a controller died, with the time of recording. */
export interface OpenIntent {
  readonly intent: Intent;
  readonly at: Instant;
}

/** Moments at which a test may kill the controller; production passes nothing. */
export type CrashPoint = 'before-commit' | 'after-commit' | 'before-effect' | 'after-effect';

/** What the engine is given from outside. */
export interface EnginePorts {
  readonly journal: JournalStore;
  readonly inbox: Inbox;
  readonly lock: RunLock;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Carries intents out; its outcomes are final. */
  readonly dispatcher: Dispatcher<Intent, IntentOutcome>;
  /** Finds out what became of intents whose controller died; never repeats an effect. */
  readonly reconciler: Dispatcher<OpenIntent, IntentOutcome>;
}

export interface EngineOptions {
  /** Who controls the run, for the record. */
  readonly controller: { readonly pid: number; readonly machine: string; readonly version: string };
  /** Do what can be done now, then let go, instead of waiting for windows, soaks and people. */
  readonly once?: boolean;
  /** Finish what is in flight and let go (the first Ctrl-C). */
  readonly interrupt?: AbortSignal;
  /** Let go at once; what is in flight is reconciled by the next controller (the second Ctrl-C). */
  readonly detach?: AbortSignal;
  /** Called for each event once it is durable, with the state after its commit. */
  readonly onEvent?: (event: RunEvent, state: RunState) => void;
  readonly crashPoint?: (point: CrashPoint) => void;
}
