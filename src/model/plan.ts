import { z } from 'zod';
import { Facts, HostRole } from './facts.ts';
import { ControlState } from './observation.ts';
import { Gate, RebootPolicy } from './playbook.ts';
import { Calendar } from './schedule.ts';

export const planSchemaName = 'countersign/plan@1';

export const StepAction = z.enum(['none', 'write', 'reboot', 'unknown']);
export type StepAction = z.infer<typeof StepAction>;

/** What will be done to one control of one host in one phase. */
export const PlannedStep = z.object({
  phase: z.string(),
  control: z.string(),
  /** `reboot`: nothing to write, but a pending change needs the reboot. `unknown`: cannot be told before an earlier step ran. */
  action: StepAction,
  /** The fields that matter, as found. */
  from: ControlState,
  /** The fields that will be written; equal names to `change` of an assessment. */
  to: ControlState,
  /** Whether the step needs the phase's reboot. */
  reboot: z.boolean(),
  reason: z.string(),
});
export type PlannedStep = z.infer<typeof PlannedStep>;

export const Risk = z.object({ code: z.string(), message: z.string(), host: z.string().exactOptional() });
export type Risk = z.infer<typeof Risk>;

/** Why a host is not touched in a phase although the playbook wants it. */
export const PlannedHold = z.object({ phase: z.string(), code: z.string(), reason: z.string() });
export type PlannedHold = z.infer<typeof PlannedHold>;

export const RebootSlot = z.object({ start: z.string(), end: z.string() });
export type RebootSlot = z.infer<typeof RebootSlot>;

export const PlannedHost = z.object({
  host: z.string(),
  groups: z.array(z.string()),
  facts: Facts.exactOptional(),
  /** Role that counts: `countersign_role` from the inventory, else as detected; null while nobody knows. */
  role: HostRole.nullable(),
  /** Digest over the facts and control states that the steps depend on; volatile facts (times) are left out. */
  factDigest: z.string(),
  /** Null when it was not observed. */
  observedAt: z.string().nullable(),
  steps: z.array(PlannedStep),
  /** One entry a phase in which the host reboots. The slot is an estimate and lies outside the digest. */
  reboots: z.array(
    z.object({ phase: z.string(), window: z.string().nullable(), slot: RebootSlot.nullable() }),
  ),
  /** Window by phase name; a phase without one is not listed. */
  windows: z.record(z.string(), z.string()),
  holds: z.array(PlannedHold),
  risks: z.array(Risk),
});
export type PlannedHost = z.infer<typeof PlannedHost>;

/** Hosts tolerated; one more stops. */
export const ResolvedBudget = z.object({
  failed: z.number().int(),
  unreachable: z.number().int(),
  unknown: z.number().int(),
});
export type ResolvedBudget = z.infer<typeof ResolvedBudget>;

export const PlannedWave = z.object({
  name: z.string(),
  hosts: z.array(z.string()),
  /** Duration text; elapsed time after the wave's last host finished. */
  soak: z.string().nullable(),
  /** The gate that opens the wave, in words; the first wave carries the phase's gates. */
  gate: z.string().nullable(),
});
export type PlannedWave = z.infer<typeof PlannedWave>;

export const PlannedPhase = z.object({
  name: z.string(),
  needs: z.array(z.string()),
  /** Control id → parameters wanted. */
  controls: z.record(z.string(), ControlState),
  reboot: RebootPolicy,
  waves: z.array(PlannedWave),
  gates: z.array(Gate),
  soak: z.string().nullable(),
  concurrency: z.number().int(),
  budget: ResolvedBudget,
});
export type PlannedPhase = z.infer<typeof PlannedPhase>;

export const PlannedSet = z.object({
  name: z.string(),
  hosts: z.array(z.string()),
  minAvailable: z.number().int(),
});
export type PlannedSet = z.infer<typeof PlannedSet>;

const InputFile = z.object({ path: z.string(), sha256: z.string() });

/** A dry run as data (contract.md §4): what `apply` carries out, and nothing else. */
export const Plan = z.object({
  schema: z.literal(planSchemaName),
  createdAt: z.string(),
  tool: z.object({ name: z.string(), version: z.string() }),
  /** SHA-256 over the canonical plan without volatile members (design.md, "Plan digest"). */
  digest: z.string(),
  name: z.string(),
  /** True for a plan made from stored observations. */
  offline: z.boolean(),
  inputs: z.object({
    /** What `-i` named, so that `apply` reads the same sources again. */
    sources: z.array(z.string()).exactOptional(),
    /** Made on simulated hosts (`--lab`). */
    lab: z.literal(true).exactOptional(),
    inventory: z.array(InputFile),
    playbook: InputFile,
    calendar: z.object({ tzdata: z.string() }),
    pattern: z.string().nullable(),
    limit: z.string().nullable(),
    extra: z.record(z.string(), z.string()),
  }),
  hosts: z.array(PlannedHost),
  phases: z.array(PlannedPhase),
  calendar: Calendar,
  sets: z.array(PlannedSet),
  /** Budget over the whole run. */
  budget: ResolvedBudget,
  /** When each reboot and phase is expected; an estimate. */
  timetable: z.array(
    z.object({
      phase: z.string(),
      host: z.string(),
      window: z.string().nullable(),
      start: z.string(),
      end: z.string(),
    }),
  ),
  /** Hosts of the inventory that are not touched at all or, with a phase, not in that phase. */
  excluded: z.array(z.object({ host: z.string(), phase: z.string().exactOptional(), reason: z.string() })),
  risks: z.array(Risk),
  approvals: z.object({
    required: z.number().int(),
    given: z.array(z.object({ as: z.string(), at: z.string() })),
  }),
});
export type Plan = z.infer<typeof Plan>;
