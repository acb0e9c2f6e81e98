import { z } from 'zod';
import { ControlState } from './observation.ts';

export const Compliance = z.enum(['compliant', 'drifted', 'pending-reboot', 'not-applicable', 'unknown']);
export type Compliance = z.infer<typeof Compliance>;

/** A control's judgement of one host: what is, what is wanted, and what it takes. */
export const Assessment = z.object({
  compliance: Compliance,
  /** The fields that matter, as found; recorded before a change, so that it can be undone. */
  found: ControlState,
  /** The fields that a write will change, with their new values; empty when there is nothing to write. */
  change: ControlState,
  /** A reboot must follow the change, or (with an empty change) finishes what is already pending. */
  reboot: z.boolean(),
  /** One sentence for people: why this compliance and this action. */
  reason: z.string(),
  /** Who manages the setting, such as `GPO: Default Domain Policy`; absent when nobody does. */
  managedBy: z.string().exactOptional(),
  /** Why the change must not be made by us, although the host has drifted; the host is held with it. */
  blocker: z.string().exactOptional(),
});
export type Assessment = z.infer<typeof Assessment>;
