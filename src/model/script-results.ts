import { z } from 'zod';
import { BootIdentity } from './facts.ts';

/** What a control's `set.ps1` gives. */
export const WriteResult = z.object({ changed: z.array(z.string()), restartNeeded: z.boolean() });
export type WriteResult = z.infer<typeof WriteResult>;

/** What `engine/reboot-request.ps1` gives. */
export const RebootAnswer = BootIdentity.extend({
  accepted: z.boolean(),
  /** Of `shutdown.exe`; null where it was not run. */
  exitCode: z.number().int().nullable(),
  reason: z.string(),
});
export type RebootAnswer = z.infer<typeof RebootAnswer>;

/** What `engine/reboot-evidence.ps1` gives. */
export const RebootEvidence = BootIdentity.extend({
  hostTime: z.string(),
  requested: z.enum(['yes', 'no', 'unknown']),
  requestedAt: z.string().nullable(),
});
export type RebootEvidence = z.infer<typeof RebootEvidence>;

/** What `survey/rights.ps1` gives. */
export const Rights = z.object({
  hostTime: z.string(),
  /** Whether this logon may change the host. */
  administrator: z.boolean(),
  /** Whether its account is in the group that may; with no rights all the same, its token was filtered. */
  memberOfAdministrators: z.boolean(),
});
export type Rights = z.infer<typeof Rights>;
