import { hours, parseDuration, plus } from '../core/time.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { Freeze, MaintenanceWindow, Weekday } from '../model/schedule.ts';
import type { TimeSpan } from './span.ts';
import {
  addDays,
  firstOfMonth,
  localDateAt,
  patchTuesday,
  startOfDay,
  wallToInstant,
  weekdayOf,
} from './zoned.ts';
import type { LocalDate, WeekdayNumber } from './zoned.ts';

/** How far ahead any question to the calendar is answered: long enough for every rule to come round twice. */
export const horizon: Duration = hours(24 * 800);

type RecurringWindow = Exclude<MaintenanceWindow, { always: true }>;

const weekdayNumbers: Readonly<Record<Weekday, WeekdayNumber>> = {
  mon: 1,
  tue: 2,
  wed: 3,
  thu: 4,
  fri: 5,
  sat: 6,
  sun: 7,
};

/**
 * The occurrences of a window that overlap `within`, in order, as whole spans (they may begin before it and end after).
 *
 * The start day owns an occurrence: `fri 22:00` of six hours is open on Saturday at 03:00 and shut on Friday at 03:00.
 * The duration is elapsed time, so on a night with a clock change the end moves on the wall, never the length.
 * `within` is cut at `horizon`. A window that is always open gives `within` itself.
 */
export function occurrences(window: MaintenanceWindow, within: TimeSpan): TimeSpan[] {
  const end = Math.min(within.end, plus(within.start, horizon)) as Instant;
  if (within.start >= end) return [];
  if ('always' in window) return [{ start: within.start, end }];
  const length = windowDuration(window);
  const lookBackDays = Math.ceil(length / hours(24)) + 1;
  const first = addDays(localDateAt(within.start, window.timezone), -lookBackDays);
  const last = localDateAt(end, window.timezone);
  return startDays(window, first, last)
    .map((date) => wallToInstant(date, window.start, window.timezone))
    .map((start) => ({ start, end: plus(start, length) }))
    .filter((span) => span.end > within.start && span.start < end);
}

/** Elapsed length of each occurrence; the schema has checked the text. */
export function windowDuration(window: RecurringWindow): Duration {
  return parseDuration(window.duration) ?? hours(0);
}

/** The span of a freeze: from the beginning of its first day to the end of its last, in its own zone. */
export function freezeSpan(freeze: Freeze): TimeSpan {
  return {
    start: startOfDay(freeze.from, freeze.timezone),
    end: startOfDay(addDays(freeze.to, 1), freeze.timezone),
  };
}

function startDays(window: RecurringWindow, first: LocalDate, last: LocalDate): LocalDate[] {
  if (window.patch_tuesday !== undefined)
    return patchDays(Number.parseInt(window.patch_tuesday, 10), first, last);
  const wanted = window.days?.map((day) => weekdayNumbers[day]);
  const days: LocalDate[] = [];
  for (let date = first; date <= last; date = addDays(date, 1))
    if (wanted === undefined || wanted.includes(weekdayOf(date))) days.push(date);
  return days;
}

/** Any offset: a rule such as `+25d` belongs to the month before the one it falls into. */
function patchDays(offset: number, first: LocalDate, last: LocalDate): LocalDate[] {
  const days: LocalDate[] = [];
  const stop = addDays(last, 31 - Math.min(0, offset));
  let month = firstOfMonth(addDays(first, -Math.max(0, offset)), -1);
  for (; month <= stop; month = firstOfMonth(month, 1)) {
    const date = addDays(patchTuesday(month), offset);
    if (first <= date && date <= last) days.push(date);
  }
  return days;
}
