import type { Assessment, Compliance } from '../model/compliance.ts';
import type { ControlState } from '../model/observation.ts';

type Details = Partial<Pick<Assessment, 'change' | 'reboot' | 'managedBy' | 'blocker'>>;

/** An assessment that asks for nothing unless `details` say so. */
export function judgement(
  compliance: Compliance,
  found: ControlState,
  reason: string,
  details: Details = {},
): Assessment {
  return { compliance, found, change: {}, reboot: false, reason, ...details };
}

/** What the blocker of every control says when the playbook wants less than the host already has. */
export function weakens(found: ControlState, reason: string): Assessment {
  return judgement('drifted', found, reason, {
    blocker: `${reason}, and the playbook would weaken that. Correct the playbook; only a rollback of a recorded change goes back.`,
  });
}
