import { milliseconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { Entropy } from '../ports/entropy.ts';

export interface BackOff {
  /** Longest first delay; it doubles with each try. */
  readonly first: Duration;
  /** Longest delay of all. */
  readonly most: Duration;
}

/**
 * How long to wait before try `attempt` + 1: anything between nothing and a bound that doubles, so that clients that
 * were turned away together do not come back together.
 *
 * @param attempt - Tries so far, from 1.
 */
export function backOff({ first, most }: BackOff, attempt: number, entropy: Entropy): Duration {
  const bound = Math.min(most, first * 2 ** Math.min(attempt - 1, 30));
  return milliseconds(Math.round(bound * fraction(entropy)));
}

/** From 0 to 1. */
function fraction(entropy: Entropy): number {
  const [high = 0, low = 0] = entropy.bytes(2);
  return (high * 256 + low) / 65_535;
}
