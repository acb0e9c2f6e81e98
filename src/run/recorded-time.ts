import { parseInstant } from '../core/time.ts';
import type { Instant } from '../core/time.ts';

/** A time that our own journal recorded. Throws TypeError for anything else: journals are verified when read. */
export function recordedTime(text: string): Instant {
  const at = parseInstant(text);
  if (at === undefined) throw new TypeError(`a journal with a time that is none: ${text}`);
  return at;
}
