import type { Duration } from '../core/time.ts';
import type { Timers } from '../ports/timers.ts';

export interface TimeLimit {
  readonly timers: Timers;
  readonly limit: Duration;
  /** The caller's. */
  readonly signal: AbortSignal;
}

/**
 * Does something for at most `limit`.
 *
 * @param act - Gets a signal that aborts with the caller's, and when the time is up.
 * @returns What `act` gave; `timeout` where the time was up first, even where `act` does not heed its signal.
 */
export async function withinTime<T>(
  { timers, limit, signal }: TimeLimit,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T | 'timeout'> {
  const expiry = new AbortController();
  const expired = Promise.withResolvers<'timeout'>();
  const cancel = timers.after(limit, () => {
    expired.resolve('timeout');
    expiry.abort();
  });
  try {
    return await Promise.race([expired.promise, act(AbortSignal.any([signal, expiry.signal]))]);
  } finally {
    cancel();
  }
}
