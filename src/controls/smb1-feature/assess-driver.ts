import type { Assessment, ControlState } from '../../control/declaration.ts';
import { judgement, weakens } from '../../control/judgement.ts';
import { contradiction, policyVerdict } from '../../control/policy.ts';

const disabled = 4;
const removal: ControlState = { driverStart: disabled, driverDependency: false };

/**
 * SMB1 where it is no feature (Windows 7 to Server 2012): the client driver and what Workstation depends on.
 *
 * A disabled driver that Workstation still depends on keeps Workstation and Netlogon from starting, so both change
 * together or not at all.
 */
export function assessDriver(state: ControlState, installed: boolean): Assessment {
  const { driverStart: start, driverDependency: depends } = state;
  if (start === 'absent') {
    const reason = 'The SMB1 client driver does not exist';
    return installed ? weakens(state, reason) : judgement('compliant', state, reason);
  }
  if (typeof depends !== 'boolean' || (start !== 2 && start !== 3 && start !== disabled))
    return judgement(
      'unknown',
      state,
      `The SMB1 client driver has Start ${start}, and Workstation's dependency on it reads ${depends}: not a state that can be judged`,
    );
  const reason = describe(start, depends);
  if (installed) return start === disabled ? weakens(state, reason) : judgement('compliant', state, reason);
  const policy = policyVerdict(state, disabled);
  if (policy.kind === 'contradicts') return judgement('drifted', state, reason, contradiction(policy));
  const managed = policy.kind === 'agrees' ? { managedBy: `GPO: ${policy.name}` } : {};
  if (start === disabled && !depends) return judgement('compliant', state, reason, managed);
  return judgement('drifted', state, reason, { change: removal, reboot: true, ...managed });
}

function describe(start: number, depends: boolean): string {
  if (start !== disabled) return `The SMB1 client driver is active (Start is ${start})`;
  return depends
    ? 'The SMB1 client driver is disabled, but Workstation depends on it and will not start after the next restart'
    : 'The SMB1 client driver is disabled, and Workstation does without it';
}
