import type { Duration } from '../core/time.ts';
import type { Timers } from '../ports/timers.ts';

/** setTimeout takes at most 2^31 − 1 ms and fires at once beyond it; longer delays go in steps. */
const maxStepMs = 2 ** 31 - 1;

/** Real time of this machine, from its monotonic clock. */
export const systemTimers: Timers = {
  monotonic: () => performance.now(),

  after(delay: Duration, act: () => void): () => void {
    let rest: number = delay;
    let handle: NodeJS.Timeout;
    const step = (): void => {
      const length = Math.min(rest, maxStepMs);
      rest -= length;
      handle = setTimeout(rest > 0 ? step : act, length);
    };
    step();
    return () => {
      clearTimeout(handle);
    };
  },

  sleep(delay: Duration, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const finish = (): void => {
        cancel();
        signal.removeEventListener('abort', finish);
        resolve();
      };
      const cancel = systemTimers.after(delay, finish);
      signal.addEventListener('abort', finish);
    });
  },
};
