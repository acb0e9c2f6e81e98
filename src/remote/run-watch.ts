import type { Duration } from '../core/time.ts';
import type { Timers } from '../ports/timers.ts';

/** Bounds on one pipeline or process; none where they are undefined. */
export interface RunTimeouts {
  /** From the call to the end, waiting in the queue included. */
  readonly total?: Duration;
  /** Longest silence of the host while we ask it for output. */
  readonly inactivity?: Duration;
}

export type TimeoutKind = 'total' | 'inactivity';

/** Two clocks beside a pipeline or process: one for all of it, one that each sign of life sets back. */
export class RunWatch {
  readonly #timers: Timers;
  readonly #timeouts: RunTimeouts;
  readonly #expired: (kind: TimeoutKind) => void;
  readonly #cancelTotal: () => void;
  #cancelInactivity: () => void = () => undefined;

  constructor(timers: Timers, timeouts: RunTimeouts, expired: (kind: TimeoutKind) => void) {
    this.#timers = timers;
    this.#timeouts = timeouts;
    this.#expired = expired;
    this.#cancelTotal = this.#after(timeouts.total, 'total');
  }

  /** Something came, or we begin to listen (again). */
  heard(): void {
    this.#cancelInactivity();
    this.#cancelInactivity = this.#after(this.#timeouts.inactivity, 'inactivity');
  }

  /** We do not listen for a while, so silence means nothing. */
  pause(): void {
    this.#cancelInactivity();
  }

  end(): void {
    this.#cancelInactivity();
    this.#cancelTotal();
  }

  #after(delay: Duration | undefined, kind: TimeoutKind): () => void {
    return delay === undefined ? () => undefined : this.#timers.after(delay, () => this.#expired(kind));
  }
}
