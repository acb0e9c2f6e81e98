import { milliseconds, plus } from '../core/time.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Timers } from '../ports/timers.ts';

/**
 * A clock that goes on in real time and jumps over every wait, so that weeks of windows and soaks pass in seconds.
 *
 * @param pause - Real time that each jump takes, so that a person can follow.
 */
export function jumpingClock(real: Clock, timers: Timers, pause: Duration): Clock {
  let jumped = milliseconds(0);
  const now = (): Instant => plus(real.now(), jumped);
  return {
    now,
    async sleepUntil(at, signal) {
      await timers.sleep(pause, signal);
      if (!signal.aborted) jumped = milliseconds(jumped + Math.max(0, at - now()));
    },
  };
}
