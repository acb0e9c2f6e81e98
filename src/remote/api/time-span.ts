import { parseDuration } from '../../core/time.ts';
import type { Duration } from '../../core/time.ts';

/** A length of time: `seconds(30)`, or a text such as `30s`, `1h30m`, `PT20M`. */
export type TimeSpan = Duration | string;

/** @throws TypeError for a text that is no length of time. */
export function toDuration(span: TimeSpan): Duration {
  const duration = typeof span === 'string' ? parseDuration(span) : span;
  if (duration === undefined) throw new TypeError(`'${span}' is no length of time; write 30s, 5m or 1h30m`);
  return duration;
}

/** As `toDuration`, for options that may be left out. */
export function optionalDuration(span: TimeSpan | undefined): Duration | undefined {
  return span === undefined ? undefined : toDuration(span);
}
