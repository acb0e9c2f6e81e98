import type { Instant } from '../core/time.ts';

/**
 * The policy's time: windows, soaks, settles. It can jump (demo, tests), so nothing on the wire may use it.
 */
export interface Clock {
  now(): Instant;
  /** Resolves when `now()` is at or after `at`, or at once when `signal` aborts; never rejects. */
  sleepUntil(at: Instant, signal: AbortSignal): Promise<void>;
}
