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
    const setting = smbSettingOf(key, value);
    next = { ...next, registry: withValue(next.registry, key, value, Number.isNaN(number) ? data : number) };
    if (setting === undefined) continue;
    const running = next[setting.side];
    if (running?.[setting.property] === undefined) continue;
    next = { ...next, [setting.side]: { ...running, [setting.property]: number === 1 } };
  }
  return next;
}
