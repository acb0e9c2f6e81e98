import { Temporal } from 'temporal-polyfill';
import { instant } from '../core/time.ts';
import type { Instant } from '../core/time.ts';

/**
 * The only file in which wall time becomes an instant, and an instant a local date.
 *
 * Two policies are fixed here. A wall time that a clock change leaves out (02:30 in Berlin on the last Sunday of March)
 * means the moment of the change, which is the next valid local time. A wall time that occurs twice (02:30 on the
 * last Sunday of October) means the first of the two.
 */

/** A day on a local calendar, `YYYY-MM-DD`. */
export type LocalDate = string;
/** Monday is 1, Sunday is 7. */
export type WeekdayNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** The instant at which a clock in `zone` first shows `time` (`HH:MM`) on `date`, or passes it in a clock change. */
export function wallToInstant(date: LocalDate, time: string, zone: string): Instant {
  const wall = Temporal.PlainDateTime.from(`${date}T${time}`);
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(wall)) return instant(earlier.epochMilliseconds);
  // Read with the offset of either side, a time in a gap falls on either side of the change.
  const later = wall.toZonedDateTime(zone, { disambiguation: 'later' });
  const around = { start: instant(earlier.epochMilliseconds), end: instant(later.epochMilliseconds + 1) };
  return instant(Math.min(...clockChanges(zone, around).map(({ at }) => at)));
}

/** The instant at which `date` begins in `zone`: midnight, or the end of a clock change that leaves midnight out. */
export function startOfDay(date: LocalDate, zone: string): Instant {
  return wallToInstant(date, '00:00', zone);
}

/** The date that a calendar on the wall in `zone` shows. */
export function localDateAt(at: Instant, zone: string): LocalDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

export function weekdayOf(date: LocalDate): WeekdayNumber {
  return Temporal.PlainDate.from(date).dayOfWeek as WeekdayNumber;
}

/** The second Tuesday of the month that `date` lies in: the day on which Microsoft publishes updates. */
export function patchTuesday(date: LocalDate): LocalDate {
  const first = Temporal.PlainDate.from(date).with({ day: 1 });
  return first.add({ days: ((2 - first.dayOfWeek + 7) % 7) + 7 }).toString();
}

/** The first day of the month `months` after the one that `date` lies in. */
export function firstOfMonth(date: LocalDate, months: number): LocalDate {
  return Temporal.PlainDate.from(date).with({ day: 1 }).add({ months }).toString();
}

/** A change of a zone's offset from UTC. */
export interface ClockChange {
  readonly at: Instant;
  readonly zone: string;
  /** Minutes by which clocks go forward; negative when they go back. */
  readonly forwardMinutes: number;
}

/** The clock changes of `zone` after `start` and before `end`, in order. */
export function clockChanges(zone: string, { start, end }: { start: Instant; end: Instant }): ClockChange[] {
  const changes: ClockChange[] = [];
  let cursor = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone);
  for (;;) {
    const next = cursor.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds >= end) return changes;
    const before = next.subtract({ nanoseconds: 1 });
    const forwardMinutes = (next.offsetNanoseconds - before.offsetNanoseconds) / 60e9;
    changes.push({ at: instant(next.epochMilliseconds), zone, forwardMinutes });
    cursor = next;
  }
}

/** Date, wall time and offset as a clock in `zone` shows them, for `formatLocal`. */
export function wallAt(
  at: Instant,
  zone: string,
): { date: LocalDate; time: string; weekday: WeekdayNumber; offset: string } {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return {
    date: zoned.toPlainDate().toString(),
    time: zoned.toPlainTime().toString({ smallestUnit: 'minute' }),
    weekday: zoned.dayOfWeek as WeekdayNumber,
    offset: zoned.offset,
  };
}
