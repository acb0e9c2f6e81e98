import { z } from 'zod';
import { WindowsState } from './windows-state.ts';

export const fleetSchemaName = 'countersign/fleet@1';

/** One lab host between two starts of the lab. */
export const HostSnapshot = z.object({
  port: z.number().int(),
  state: WindowsState,
  /** Answers that will still get lost, by script name. */
  answersToLose: z.record(z.string(), z.number().int()),
});
export type HostSnapshot = z.infer<typeof HostSnapshot>;

/** A lab fleet as data: what its hosts remember and where they listen. */
export const FleetSnapshot = z.object({
  schema: z.literal(fleetSchemaName),
  seed: z.string(),
  hosts: z.record(z.string(), HostSnapshot),
});
export type FleetSnapshot = z.infer<typeof FleetSnapshot>;
