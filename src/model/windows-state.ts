import { z } from 'zod';
import { WindowsCase } from './windows-case.ts';

export type Registry = WindowsCase['registry'];
export type RegistryData = Registry[string][string];

/** A setting that somebody manages without leaving a record, such as group policy preferences. */
export const UnrecordedPolicy = z.strictObject({
  key: z.string(),
  value: z.string(),
  data: z.union([z.number().int(), z.string()]),
});
export type UnrecordedPolicy = z.infer<typeof UnrecordedPolicy>;

/** A restart that is scheduled and has not begun. */
export const ScheduledShutdown = z.strictObject({
  comment: z.string(),
  /** `request`: through WinRM, so it will be carried out. `somebody`: at the console, for much later. */
  by: z.enum(['request', 'somebody']),
});
export type ScheduledShutdown = z.infer<typeof ScheduledShutdown>;

/** Everything that a simulated Windows remembers; plain JSON, so it is its own snapshot. Times are the host's own. */
export const WindowsState = WindowsCase.extend({
  powershell: z.string(),
  /** Host clock minus the fleet's, in milliseconds. */
  clockOffsetMs: z.number().int(),
  unrecordedPolicies: z.array(UnrecordedPolicy),
  policiesAppliedAt: z.string(),
  /** Features stay pending over this many more boots. */
  servicingBoots: z.number().int(),
  shutdown: ScheduledShutdown.nullable(),
});
export type WindowsState = z.infer<typeof WindowsState>;
