import type { WindowsState } from '../../model/windows-state.ts';
import { withPendingReboot } from './pending-reboot.ts';
import { keys, withoutKey, withValue } from './registry.ts';

type States = Readonly<Record<string, string>>;

/** Parts go with their parent: `SMB1Protocol-Client` belongs to `SMB1Protocol`. */
function parentOf(name: string): string | undefined {
  const dash = name.indexOf('-');
  return dash === -1 ? undefined : name.slice(0, dash);
}

export function isEnabled(state: string | undefined): boolean {
  return state === 'Enabled' || state === 'EnablePending';
}

/** `Enable-` or `Disable-WindowsOptionalFeature -NoRestart`: pending until the next boot, unless it takes a pending change back. */
export function withFeature(state: WindowsState, name: string, wanted: 'Enabled' | 'Disabled'): WindowsState {
  const features = { ...state.features };
  if (wanted === 'Disabled') {
    for (const [part, current] of Object.entries(features)) {
      if (part === name || parentOf(part) === name) features[part] = leaving(current);
    }
  } else {
    const parent = parentOf(name);
    for (const part of [name, ...(parent === undefined ? [] : [parent])]) {
      features[part] = coming(features[part]);
    }
  }
  return withSigns({ ...state, features });
}

/** `Install-` or `Uninstall-WindowsFeature`. */
export function withWindowsFeature(
  state: WindowsState,
  name: string,
  wanted: 'Installed' | 'Available',
): WindowsState {
  const current = state.windowsFeatures?.[name];
  const next = wanted === 'Installed' ? installing(current) : uninstalling(current);
  return withSigns({ ...state, windowsFeatures: { ...state.windowsFeatures, [name]: next } });
}

export function hasPendingFeature(state: Pick<WindowsState, 'features' | 'windowsFeatures'>): boolean {
  const states = [...Object.values(state.features ?? {}), ...Object.values(state.windowsFeatures ?? {})];
  return states.some((it) => it.endsWith('Pending'));
}

/** What the boot makes of pending changes, or the same state while servicing wants more boots. */
export function withServicingDone(state: WindowsState): WindowsState {
  if (!hasPendingFeature(state)) return state;
  if (state.servicingBoots > 0) return withSigns({ ...state, servicingBoots: state.servicingBoots - 1 });
  const features = completed(state.features);
  const done = { ...state, features, windowsFeatures: completed(state.windowsFeatures) };
  return { ...done, registry: withDriver(done, state.features ?? {}) };
}

/** The SMB1 client driver comes and goes with its feature. */
function withDriver(state: WindowsState, before: States): WindowsState['registry'] {
  const part = state.features?.['SMB1Protocol-Client'] === undefined ? 'SMB1Protocol' : 'SMB1Protocol-Client';
  const now = state.features?.[part];
  if (before[part] === now) return state.registry;
  return now === 'Enabled'
    ? withValue(state.registry, keys.smb1Driver, 'Start', 2)
    : withoutKey(state.registry, keys.smb1Driver);
}

function completed(states: States | null): Record<string, string> | null {
  if (states === null) return null;
  return Object.fromEntries(Object.entries(states).map(([name, it]) => [name, afterBoot[it] ?? it]));
}

const afterBoot: Readonly<Record<string, string>> = {
  EnablePending: 'Enabled',
  DisablePending: 'Disabled',
  InstallPending: 'Installed',
  UninstallPending: 'Available',
};

function withSigns(state: WindowsState): WindowsState {
  if (!hasPendingFeature(state)) return state;
  return { ...state, registry: withPendingReboot(state.registry, 'component-based-servicing') };
}

function leaving(current: string): string {
  return current === 'Enabled' ? 'DisablePending' : current === 'EnablePending' ? 'Disabled' : current;
}

function coming(current = 'Disabled'): string {
  if (isEnabled(current)) return current;
  return current === 'DisablePending' ? 'Enabled' : 'EnablePending';
}

function installing(current = 'Available'): string {
  if (current === 'Installed' || current === 'InstallPending') return current;
  return current === 'UninstallPending' ? 'Installed' : 'InstallPending';
}

function uninstalling(current = 'Available'): string {
  return current === 'Installed' ? 'UninstallPending' : current === 'InstallPending' ? 'Available' : current;
}
