import { milliseconds } from '../../../src/core/time.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import type { Difference } from '../difference.ts';

const patienceMs = 5000;
const pause = milliseconds(10);
const never = new AbortController().signal;

/** What differs in the end: the host has given its answer, but the client may still be reading it. */
export async function eventually(look: () => readonly Difference[]): Promise<readonly Difference[]> {
  const started = systemTimers.monotonic();
  for (;;) {
    const differences = look();
    if (differences.length === 0 || systemTimers.monotonic() - started > patienceMs) return differences;
    await systemTimers.sleep(pause, never);
  }
}
