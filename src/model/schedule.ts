import { z } from 'zod';
import { hours, parseDuration } from '../core/time.ts';
import type { Duration } from '../core/time.ts';

/** Half-open span of instants, as text. */
export const Span = z.object({ start: z.string(), end: z.string() });
export type Span = z.infer<typeof Span>;

const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
export type Weekday = z.infer<typeof Weekday>;

/** Elapsed time such as `30d`, `6h`, `1h30m`; a day is 24 hours. */
export const DurationText = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'expected a duration such as 6h, 90m or 7d');

/** IANA name of a time zone that this machine knows, such as `Europe/Berlin`. */
export const TimeZone = z
  .string()
  .refine(isTimeZone, 'expected an IANA time zone such as Europe/Berlin; this one is not known');

const longestWindow = hours(7 * 24);

const RecurringWindow = z
  .strictObject({
    days: z.array(Weekday).min(1).exactOptional(),
    /** Days after the second Tuesday of the month, such as `+4d`. */
    patch_tuesday: z
      .string()
      .regex(/^[+-]\d{1,2}d$/, 'expected days after (or before) patch Tuesday such as +4d')
      .exactOptional(),
    /** Local wall time `HH:MM`. */
    start: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a wall time such as "22:00"'),
    /** Elapsed time. */
    duration: DurationText,
    timezone: TimeZone,
    /** Last moment before the end at which a reboot may start: `auto` or a duration. */
    cutoff: z.union([z.literal('auto'), DurationText]).default('auto'),
  })
  .refine((window) => window.days === undefined || window.patch_tuesday === undefined, {
    path: ['patch_tuesday'],
    message: 'give days or patch_tuesday, not both',
  })
  .refine((window) => isWithin(window.duration, longestWindow), {
    path: ['duration'],
    message: 'expected more than nothing and at most 7d; for more use always: true',
  })
  .refine(
    (window) =>
      window.cutoff === 'auto' || isWithin(window.cutoff, parseDuration(window.duration) ?? longestWindow),
    { path: ['cutoff'], message: 'expected more than nothing and at most the duration of the window' },
  );

/**
 * A maintenance window rule (contract.md §3): every day, or on `days`, or around patch Tuesday.
 * The start day owns a window that crosses midnight.
 */
export const MaintenanceWindow = z.union([z.strictObject({ always: z.literal(true) }), RecurringWindow]);
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;

/** Local dates, both inclusive, in which nothing starts. */
export const Freeze = z
  .strictObject({
    name: z.string(),
    from: z.iso.date(),
    to: z.iso.date(),
    timezone: TimeZone,
  })
  .refine((freeze) => freeze.from <= freeze.to, { path: ['to'], message: 'expected a date not before from' });
export type Freeze = z.infer<typeof Freeze>;

export const Calendar = z.object({
  windows: z.record(z.string(), MaintenanceWindow),
  freezes: z.array(Freeze),
});
export type Calendar = z.infer<typeof Calendar>;

function isTimeZone(name: string): boolean {
  // An offset such as +02:00 is valid for Intl, but knows no clock changes.
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isWithin(text: string, longest: Duration): boolean {
  const length = parseDuration(text);
  return length !== undefined && length > 0 && length <= longest;
}
