import { z } from 'zod';
import { Facts } from './facts.ts';

/**
 * A value of a control's state as `get.ps1` reads it. `absent` (no such value or feature) and `unsupported`
 * (this Windows has no such setting) are texts of their own, never false.
 */
export const StateValue = z.union([z.boolean(), z.number(), z.string()]);
export type StateValue = z.infer<typeof StateValue>;

/** State of one control on one host: field name → value. */
export const ControlState = z.record(z.string(), StateValue);
export type ControlState = z.infer<typeof ControlState>;

/** Failure as data (contract.md §4). */
export const FailureRecord = z.looseObject({
  code: z.string(),
  message: z.string(),
  blame: z.string(),
  retry: z.string(),
  hint: z.string().exactOptional(),
});
export type FailureRecord = z.infer<typeof FailureRecord>;

export const Reach = z.enum(['ok', 'unreachable', 'denied']);
export type Reach = z.infer<typeof Reach>;

/** What a survey of one host found; read-only. */
export const Observation = z.object({
  host: z.string(),
  /** When it was observed, by our clock. */
  at: z.string(),
  reach: Reach,
  /** Why it is not `ok`, or why facts are missing although it is reachable. */
  failure: FailureRecord.exactOptional(),
  facts: Facts.exactOptional(),
  /** Host clock minus ours, in milliseconds. */
  clockOffsetMs: z.number().exactOptional(),
  /** By control id: its state, or why it could not be read. */
  controls: z.record(
    z.string(),
    z.union([z.object({ state: ControlState }), z.object({ failure: FailureRecord })]),
  ),
});
export type Observation = z.infer<typeof Observation>;
