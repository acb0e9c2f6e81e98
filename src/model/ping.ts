import { z } from 'zod';
import { FailureRecord, Reach } from './observation.ts';

export const pingSchemaName = 'countersign/ping@1';

/** How far one host can be reached. */
export const HostPing = z.object({
  host: z.string(),
  /** `scheme://address:port`, where the inventory says enough. */
  endpoint: z.string().exactOptional(),
  reach: Reach,
  failure: FailureRecord.exactOptional(),
  powershell: z.string().exactOptional(),
  protocol: z.string().exactOptional(),
  /** Host clock minus ours, in milliseconds. */
  clockOffsetMs: z.number().exactOptional(),
  /** Whether the logon has an administrator's rights there. */
  administrator: z.boolean().exactOptional(),
  /** From connecting to the last answer, in milliseconds. */
  tookMs: z.number(),
});
export type HostPing = z.infer<typeof HostPing>;

export const Ping = z.object({ schema: z.literal(pingSchemaName), at: z.string(), hosts: z.array(HostPing) });
export type Ping = z.infer<typeof Ping>;
