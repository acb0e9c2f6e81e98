import type { Assessment } from '../model/compliance.ts';
import type { Facts } from '../model/facts.ts';
import type { ControlState } from '../model/observation.ts';
import { judgement, weakens } from './judgement.ts';
import { contradiction, pendingRefresh, policyVerdict } from './policy.ts';

/** A yes-or-no setting: a cmdlet's property, with a registry value behind it where the state has `registryValue`. */
export interface Toggle {
  /** State field, and parameter in the playbook. */
  readonly field: string;
  /** The value that protects; a change to the other one is refused. */
  readonly hardened: boolean;
  /** A sentence for each value, without its full stop. */
  readonly says: { readonly on: string; readonly off: string };
  /** Where the host has no cmdlets: what a missing registry value means, and whether a change waits for a restart. */
  readonly registry?: { readonly absent: boolean; readonly restart: boolean };
}

/** First build with the SmbShare cmdlets: Windows 8 and Server 2012. */
const firstBuildWithCmdlets = 9200;

/** The judgement that all toggles share. */
export function assessToggle(toggle: Toggle, state: ControlState, wanted: boolean, facts: Facts): Assessment {
  const current = currentValue(toggle, state, facts);
  if (typeof current !== 'boolean') return judgement(current.compliance, state, current.reason);
  const reason = describe(toggle, current, state);
  // The next start of the service would bring back what the registry holds, so lowering that weakens as well.
  const protects = current === toggle.hardened || state['registryValue'] === Number(toggle.hardened);
  if (protects && wanted !== toggle.hardened) return weakens(state, reason);

  const policy = policyVerdict(state, Number(wanted));
  if (policy.kind === 'contradicts') return judgement('drifted', state, reason, contradiction(policy));
  if (current === wanted && !differsInRegistry(state, wanted)) {
    const managed = policy.kind === 'agrees' ? { managedBy: `GPO: ${policy.name}` } : {};
    return judgement('compliant', state, reason, managed);
  }
  if (policy.kind === 'agrees') return judgement('drifted', state, reason, pendingRefresh(policy));
  const doubt = policy.kind === 'not-known' ? '; whether a group policy manages it cannot be read here' : '';
  return judgement('drifted', state, reason + doubt, {
    change: change(toggle, state, wanted),
    reboot: typeof state[toggle.field] !== 'boolean' && toggle.registry?.restart === true,
  });
}

function describe({ says }: Toggle, current: boolean, state: ControlState): string {
  const sentence = current ? says.on : says.off;
  if (!differsInRegistry(state, current)) return sentence;
  return `${sentence}, but the registry says otherwise for the next start of the service`;
}

/** The running service and its registry can disagree: then the next start of the service brings the registry's value. */
function differsInRegistry({ registryValue }: ControlState, value: boolean): boolean {
  return typeof registryValue === 'number' && registryValue !== Number(value);
}

type NoValue = Pick<Assessment, 'compliance' | 'reason'>;

function currentValue(toggle: Toggle, state: ControlState, facts: Facts): boolean | NoValue {
  const { [toggle.field]: value, registryValue } = state;
  const isNumber = registryValue === 0 || registryValue === 1;
  if (registryValue !== undefined && registryValue !== 'absent' && !isNumber)
    return {
      compliance: 'unknown',
      reason: `The registry value is ${JSON.stringify(registryValue)}, neither 0 nor 1`,
    };
  if (typeof value === 'boolean') return value;
  if (value !== 'unsupported')
    return { compliance: 'unknown', reason: `The host gave ${JSON.stringify(value)}, neither yes nor no` };
  if (toggle.registry === undefined)
    return { compliance: 'not-applicable', reason: 'This Windows does not have the setting' };
  if (facts.os.build >= firstBuildWithCmdlets)
    return {
      compliance: 'unknown',
      reason: `The SMB cmdlets are missing, although build ${facts.os.build} has them: is the module SmbShare damaged or blocked?`,
    };
  return isNumber ? registryValue === 1 : toggle.registry.absent;
}

/** The registry value is in the change as well, so that the record can restore its absence. */
function change(toggle: Toggle, state: ControlState, wanted: boolean): ControlState {
  return {
    ...(typeof state[toggle.field] === 'boolean' && { [toggle.field]: wanted }),
    ...(state['registryValue'] !== undefined && { registryValue: Number(wanted) }),
  };
}
