import { instant, milliseconds, minutes } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import { systemTimers } from './timers.ts';

/** The clock can be set and the machine can sleep, so a long wait looks at it again at least this often. */
const longestLook = minutes(1);

/** Wall time of this machine. */
export const systemClock: Clock = {
  now: () => instant(Date.now()),

  async sleepUntil(at: Instant, signal: AbortSignal): Promise<void> {
    for (;;) {
      const left = at - Date.now();
      if (left <= 0 || signal.aborted) return;
      await systemTimers.sleep(milliseconds(Math.min(left, longestLook)), signal);
    }
  },
};
