import { parseInstant, seconds } from '../core/time.ts';
import type { BootIdentity } from '../model/facts.ts';

/** Windows derives the boot time from the clock, so two readings of one boot may differ a little. */
const tolerance = seconds(2);

/** Whether two readings are of the same start of a machine: by its boot counter, else by the boot time. */
export function isSameBoot(a: BootIdentity, b: BootIdentity): boolean {
  if (a.bootId !== null && b.bootId !== null) return a.bootId === b.bootId;
  const [first, second] = [parseInstant(a.bootTime), parseInstant(b.bootTime)];
  if (first === undefined || second === undefined) return a.bootTime === b.bootTime;
  return Math.abs(first - second) <= tolerance;
}
