import { minutes, parseInstant, seconds } from '../core/time.ts';
import type { BootIdentity } from '../model/facts.ts';

/** Windows derives the boot time from the clock, so two readings of one boot may differ a little. */
const tolerance = seconds(2);
/** With the same boot counter a difference may be a clock that was stepped; more than this is another boot all the same. */
const toleranceOfSameCount = minutes(1);

/**
 * Whether two readings are of the same start of a machine, by its boot counter and its boot time.
 *
 * Either may tell a reboot: a counter may stand still where prefetching is off (not proven), and a clock may be set back.
 */
export function isSameBoot(a: BootIdentity, b: BootIdentity): boolean {
  const counted = a.bootId !== null && b.bootId !== null;
  if (counted && a.bootId !== b.bootId) return false;
  const [first, second] = [parseInstant(a.bootTime), parseInstant(b.bootTime)];
  if (first === undefined || second === undefined) return a.bootTime === b.bootTime;
  return Math.abs(first - second) <= (counted ? toleranceOfSameCount : tolerance);
}
