import type { WindowsState } from '../../model/windows-state.ts';
import { withValue } from './registry.ts';
import { smbSettingOf } from './smb-settings.ts';

/**
 * A policy refresh: every managed value is set again, and the services are told.
 *
 * @param at - Host time of the refresh, as text.
 */
export function withPoliciesApplied(state: WindowsState, at: string): WindowsState {
  let next: WindowsState = { ...state, policiesAppliedAt: at };
  for (const { key, value, data } of [...(state.policies ?? []), ...state.unrecordedPolicies]) {
    const number = Number(data);
    next = { ...next, registry: withValue(next.registry, key, value, Number.isNaN(number) ? data : number) };
    const setting = smbSettingOf(next, key, value);
    if (setting === undefined) continue;
    const { side, property } = setting;
    next = { ...next, [side]: { ...next[side], [property]: number === 1 } };
  }
  return next;
}
