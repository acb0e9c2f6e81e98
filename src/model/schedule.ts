import { z } from 'zod';

/** Half-open span of instants, as text. */
export const Span = z.object({ start: z.string(), end: z.string() });
export type Span = z.infer<typeof Span>;

const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
export type Weekday = z.infer<typeof Weekday>;

/** A maintenance window rule (contract.md §3). The start day owns a window that crosses midnight. */
export const MaintenanceWindow = z.union([
  z.strictObject({ always: z.literal(true) }),
  z.strictObject({
    days: z.array(Weekday).min(1).exactOptional(),
    /** Days after the second Tuesday of the month, such as `+4d`. */
    patch_tuesday: z
      .string()
      .regex(/^[+-]\d{1,2}d$/)
      .exactOptional(),
    /** Local wall time `HH:MM`. */
    start: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
    /** Elapsed time. */
    duration: z.string(),
    /** IANA name. */
    timezone: z.string(),
    /** Last moment before the end at which a reboot may start: `auto` or a duration. */
    cutoff: z.string().default('auto'),
  }),
]);
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;

/** Local dates, both inclusive, in which nothing starts. */
export const Freeze = z.strictObject({
  name: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  timezone: z.string(),
});
export type Freeze = z.infer<typeof Freeze>;

export const Calendar = z.object({
  windows: z.record(z.string(), MaintenanceWindow),
  freezes: z.array(Freeze),
});
export type Calendar = z.infer<typeof Calendar>;
