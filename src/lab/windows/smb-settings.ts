import type { WindowsState } from '../../model/windows-state.ts';
import { requiresSigning, speaksSmb1 } from './defaults.ts';
import { keys, readValue, withValue } from './registry.ts';

export type SmbSide = 'smbServer' | 'smbClient';

/** Registry values behind properties of the SMB cmdlets that have another name than the property. */
const valueNames: Readonly<Record<string, string>> = {
  EnableSMB1Protocol: 'SMB1',
  EnableSMB2Protocol: 'SMB2',
};

function valueOf(property: string): string {
  return valueNames[property] ?? property;
}

function keyOf(side: SmbSide): string {
  return side === 'smbServer' ? keys.server : keys.client;
}

/** `Set-Smb…Configuration`: the running service obeys at once, and the registry value says so for the next start. */
export function withSmbSetting(
  state: WindowsState,
  side: SmbSide,
  property: string,
  wanted: boolean,
): WindowsState {
  return {
    ...state,
    [side]: { ...state[side], [property]: wanted },
    registry: withValue(state.registry, keyOf(side), valueOf(property), Number(wanted)),
  };
}

/** What the services read from the registry when they start. */
export function withSettingsFromRegistry(state: WindowsState): WindowsState {
  return { ...state, smbServer: started(state, 'smbServer'), smbClient: started(state, 'smbClient') };
}

function started(state: WindowsState, side: SmbSide): WindowsState[SmbSide] {
  const running = state[side];
  if (running === null) return null;
  const fresh = Object.entries(running).map(([property, current]): [string, boolean] => {
    const data = readValue(state.registry, keyOf(side), valueOf(property));
    return [property, typeof data === 'number' ? data === 1 : byDefault(state, side, property, current)];
  });
  return Object.fromEntries(fresh);
}

function byDefault(state: WindowsState, side: SmbSide, property: string, current: boolean): boolean {
  if (property === 'EnableSMB1Protocol') return speaksSmb1(state);
  if (property === 'RequireSecuritySignature') return requiresSigning(side, state);
  return current;
}

/** The running service's property that a registry value stands behind; undefined for any other value. */
export function smbSettingOf(
  state: WindowsState,
  key: string,
  value: string,
): { readonly side: SmbSide; readonly property: string } | undefined {
  const side = (['smbServer', 'smbClient'] as const).find((it) => same(keyOf(it), key));
  if (side === undefined) return undefined;
  const property = Object.keys(state[side] ?? {}).find((name) => same(valueOf(name), value));
  return property === undefined ? undefined : { side, property };
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
