import { instant, milliseconds } from '../../src/core/time.ts';
import { systemTimers } from '../../src/node/timers.ts';
import type { Clock } from '../../src/ports/clock.ts';

/**
 * Wall time that runs `factor` times as fast, and alike in every process that is given the same `since`: validities of
 * a minute and more pass in seconds, for the controllers and for the hosts.
 *
 * @param since - Real time in ms since 1970 at which it shows the real time.
 */
export function fastClock(factor: number, since: number): Clock {
  const now = () => instant(Math.round(since + (Date.now() - since) * factor));
  return {
    now,
    async sleepUntil(at, signal) {
      await systemTimers.sleep(milliseconds(Math.max(0, at - now()) / factor), signal);
    },
  };
}
