import { z } from 'zod';
import { Compliance } from './compliance.ts';
import { Facts } from './facts.ts';
import { ControlState, FailureRecord, Reach } from './observation.ts';

export const statusSchemaName = 'countersign/status@1';

/** One control of one host: what is, what is wanted, and why they (do not) agree. */
export const ControlStatus = z.object({
  id: z.string(),
  found: ControlState,
  /** Parameters that the playbook wants; absent when no phase of it covers the host. */
  wanted: ControlState.exactOptional(),
  compliance: Compliance,
  managedBy: z.string().exactOptional(),
  /** Why it will not be changed although it has drifted. */
  blocker: z.string().exactOptional(),
  reason: z.string(),
});
export type ControlStatus = z.infer<typeof ControlStatus>;

export const HostStatus = z.object({
  host: z.string(),
  groups: z.array(z.string()),
  reach: Reach,
  failure: FailureRecord.exactOptional(),
  facts: Facts.exactOptional(),
  clockOffsetMs: z.number().exactOptional(),
  controls: z.array(ControlStatus),
});
export type HostStatus = z.infer<typeof HostStatus>;

/** What `status` found (contract.md §4). */
export const Status = z.object({
  schema: z.literal(statusSchemaName),
  at: z.string(),
  hosts: z.array(HostStatus),
  summary: z.object({
    hosts: z.number().int(),
    reachable: z.number().int(),
    unreachable: z.number().int(),
    denied: z.number().int(),
    /** Controls over all hosts, by compliance. */
    controls: z.record(Compliance, z.number().int()),
  }),
});
export type Status = z.infer<typeof Status>;
