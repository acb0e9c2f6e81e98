import { z } from 'zod';
import { Compliance } from './compliance.ts';
import { BootIdentity, PendingRebootSource } from './facts.ts';
import { ControlState, FailureRecord } from './observation.ts';

/**
 * How an intent ended. `done`: it happened (or was read). `not-done`: proven that nothing happened, may be tried
 * anew. `failed`: tried, and refused or wrong. `unreachable`: the host did not answer and nothing was sent.
 * `unknown`: whether it happened cannot be told; a person must look.
 */
export const IntentResult = z.enum(['done', 'not-done', 'failed', 'unreachable', 'unknown']);
export type IntentResult = z.infer<typeof IntentResult>;

const common = {
  result: IntentResult,
  /** One sentence for people. */
  reason: z.string(),
  failure: FailureRecord.exactOptional(),
  /** True when it was told from the host's state after a crash, not by carrying it out. */
  reconciled: z.boolean().exactOptional(),
};

/** One control of the phase as a probe found it. */
export const FoundStep = z.object({
  control: z.string(),
  compliance: Compliance,
  found: ControlState,
  change: ControlState,
  reboot: z.boolean(),
  reason: z.string(),
});
export type FoundStep = z.infer<typeof FoundStep>;

/**
 * A probed host against its plan: `same` as planned; `satisfied` already; `differs` in action, reboots or risk;
 * `unknown` where it could not be judged.
 */
export const ProbeVerdict = z.enum(['same', 'satisfied', 'differs', 'unknown']);
export type ProbeVerdict = z.infer<typeof ProbeVerdict>;

export const ProbeOutcome = z.object({
  ...common,
  kind: z.literal('probe-host'),
  /** Present when `result` is `done`. */
  finding: z
    .object({
      verdict: ProbeVerdict,
      steps: z.array(FoundStep),
      boot: BootIdentity,
      pendingReboot: z.array(PendingRebootSource),
    })
    .exactOptional(),
});
export type ProbeOutcome = z.infer<typeof ProbeOutcome>;

export const WriteOutcome = z.object({
  ...common,
  kind: z.literal('write-control'),
  /** The state read after the write; absent where it could not be read. */
  after: ControlState.exactOptional(),
  /** Fields that the host says were changed. */
  changed: z.array(z.string()),
  restartNeeded: z.boolean(),
  /** The boot in which the write was made. */
  boot: BootIdentity.exactOptional(),
});
export type WriteOutcome = z.infer<typeof WriteOutcome>;

export const RebootOutcome = z.object({
  ...common,
  kind: z.literal('reboot-host'),
  bootBefore: BootIdentity,
  bootAfter: BootIdentity.exactOptional(),
  /** When the request was accepted by the host; absent when none was sent. */
  requestedAt: z.string().exactOptional(),
  backAt: z.string().exactOptional(),
  /** Who rebooted it; `elsewhere` when the boot had changed before our request. */
  by: z.enum(['countersign', 'elsewhere']).exactOptional(),
  /** Partners that were not healthy, when a redundancy set forbade the reboot. */
  unhealthy: z.array(z.string()).exactOptional(),
});
export type RebootOutcome = z.infer<typeof RebootOutcome>;

/**
 * A changed host, surveyed again: `as-wanted`; `not-as-wanted`; `not-settled` (servicing works, a reboot of its own
 * is pending or under way), worth another look; `unknown` where it could not be judged.
 */
export const VerifyVerdict = z.enum(['as-wanted', 'not-as-wanted', 'not-settled', 'unknown']);
export type VerifyVerdict = z.infer<typeof VerifyVerdict>;

export const VerifyOutcome = z.object({
  ...common,
  kind: z.literal('verify-host'),
  /** Present when `result` is `done`. */
  finding: z
    .object({
      verdict: VerifyVerdict,
      steps: z.array(FoundStep),
      boot: BootIdentity,
      pendingReboot: z.array(PendingRebootSource),
    })
    .exactOptional(),
});
export type VerifyOutcome = z.infer<typeof VerifyOutcome>;

export const IntentOutcome = z.discriminatedUnion('kind', [
  ProbeOutcome,
  WriteOutcome,
  RebootOutcome,
  VerifyOutcome,
]);
export type IntentOutcome = z.infer<typeof IntentOutcome>;
