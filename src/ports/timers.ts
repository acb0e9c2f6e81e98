import type { Duration } from '../core/time.ts';

/** Real, monotonic time for sockets, processes and polling. */
export interface Timers {
  /** Milliseconds since some fixed moment; only differences mean anything. */
  monotonic(): number;
  /** Calls `act` once after `delay`; the returned function cancels. */
  after(delay: Duration, act: () => void): () => void;
  /** Resolves after `delay`, or at once when `signal` aborts; never rejects. */
  sleep(delay: Duration, signal: AbortSignal): Promise<void>;
}
