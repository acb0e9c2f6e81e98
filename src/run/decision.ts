import type { Instant } from '../core/time.ts';
import type { EventDraft } from '../model/event.ts';
import type { Intent } from '../model/intent.ts';

/** Why a host (or, without one, the run) does not go on right now; for people and `explain`. */
export interface Wait {
  readonly host?: string;
  readonly phase: string;
  readonly code:
    | 'window'
    | 'freeze'
    | 'concurrency'
    | 'redundancy'
    | 'settle'
    | 'retry'
    | 'gate'
    | 'soak'
    | 'hosts'
    | 'paused'
    | 'held';
  readonly reason: string;
  /** When it may go on by itself; absent where something else must happen first. */
  readonly until?: Instant;
}

/** What the policy wants now. */
export interface Decision {
  /** To be recorded now; may lead to a further decision at the same instant. */
  readonly events: readonly EventDraft[];
  /** To be recorded, then carried out. */
  readonly intents: readonly Intent[];
  /** The next instant at which time alone can change the decision. */
  readonly wakeAt?: Instant;
  readonly waits: readonly Wait[];
}
