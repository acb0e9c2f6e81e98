import type { ControlState, StateValue } from '../model/observation.ts';

/** What group policy does with a setting, from the state fields `policy` (its name) and `policyValue`. */
export type PolicyVerdict =
  | { readonly kind: 'none' }
  /** The record of the last policy run cannot be read. */
  | { readonly kind: 'not-known' }
  | { readonly kind: 'agrees'; readonly name: string }
  | { readonly kind: 'contradicts'; readonly name: string; readonly value: StateValue };

/** Compares the policy's value with the one that is wanted; a control without policy fields has no policy. */
export function policyVerdict(state: ControlState, wanted: number): PolicyVerdict {
  const name = state['policy'] ?? 'absent';
  const value = state['policyValue'] ?? 'absent';
  if (name === 'absent') return { kind: 'none' };
  if (name === 'unsupported') return { kind: 'not-known' };
  return value === wanted
    ? { kind: 'agrees', name: String(name) }
    : { kind: 'contradicts', name: String(name), value };
}

/** `managedBy` and `blocker` of a setting that a policy sets to something else. */
export function contradiction(policy: Extract<PolicyVerdict, { kind: 'contradicts' }>) {
  return {
    managedBy: `GPO: ${policy.name}`,
    blocker: `GPO '${policy.name}' sets it back to ${policy.value}; change the GPO, then plan again.`,
  };
}

/** `managedBy` and `blocker` of a setting that a policy will set by itself. */
export function pendingRefresh(policy: Extract<PolicyVerdict, { kind: 'agrees' }>) {
  return {
    managedBy: `GPO: ${policy.name}`,
    blocker: `GPO '${policy.name}' sets it at its next refresh: run gpupdate /force there, or wait (up to 2 hours; 16 hours where the GPO did not change).`,
  };
}
