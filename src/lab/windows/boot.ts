import type { WindowsState } from '../../model/windows-state.ts';
import { withServicingDone } from './features.ts';
import { withoutPendingReboot } from './pending-reboot.ts';
import { withPoliciesApplied } from './policies.ts';
import { keys, readValue, withValue } from './registry.ts';
import { withSettingsFromRegistry } from './smb-settings.ts';

const bootCounter = String.raw`HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters`;
/** Events kept; the log wraps beyond it. */
const maxEvents = 1000;

/** The Memory Manager's boot counter; null where the registry has none. */
export function bootId({ registry }: Pick<WindowsState, 'registry'>): number | null {
  const data = readValue(registry, bootCounter, 'BootId');
  return typeof data === 'number' ? data : null;
}

/**
 * What a restart makes of a machine.
 *
 * @param at - Host time of the new boot, as text.
 */
export function withBoot(state: WindowsState, at: string): WindowsState {
  const serviced = withServicingDone({ ...state, registry: withoutPendingReboot(state.registry) });
  const count = bootId(state);
  const registry =
    count === null ? serviced.registry : withValue(serviced.registry, bootCounter, 'BootId', count + 1);
  const counted = { ...serviced, registry, bootTime: at, shutdown: null };
  const managed = withPoliciesApplied(counted, at);
  const started = withSettingsFromRegistry({ ...managed, services: startedServices(managed) });
  return withEvent(started, { provider: 'EventLog', id: 6005, at, values: [] });
}

/** Appends to the event log `System`. */
export function withEvent(
  state: WindowsState,
  event: Omit<WindowsState['events'][number], 'log'>,
): WindowsState {
  return { ...state, events: [...state.events.slice(1 - maxEvents), { log: 'System', ...event }] };
}

/** Workstation cannot start while it depends on a disabled driver, and Netlogon not without Workstation. */
function startedServices({ registry, services }: WindowsState): WindowsState['services'] {
  const needs = [readValue(registry, keys.workstation, 'DependOnService') ?? []].flat().map(String);
  const needsSmb1 = needs.some((name) => name.toLowerCase() === 'mrxsmb10');
  const broken = needsSmb1 && readValue(registry, keys.smb1Driver, 'Start') === 4;
  const starts = broken ? 'Stopped' : 'Running';
  return {
    ...services,
    ...(services['LanmanServer'] === undefined ? {} : { LanmanServer: 'Running' }),
    ...(services['LanmanWorkstation'] === undefined ? {} : { LanmanWorkstation: starts }),
    ...(services['Netlogon'] === undefined ? {} : { Netlogon: starts }),
  };
}
