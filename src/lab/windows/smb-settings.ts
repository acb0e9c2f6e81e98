import type { WindowsState } from '../../model/windows-state.ts';
import { requiresSigning, speaksSmb1 } from './defaults.ts';
import { keys, readValue, withValue } from './registry.ts';

export type SmbSide = 'smbServer' | 'smbClient';

/** Registry value behind a property of the SMB cmdlets; the others are kept by Windows elsewhere. */
const valueNames: Readonly<Record<string, string>> = {
  EnableSMB1Protocol: 'SMB1',
  RequireSecuritySignature: 'RequireSecuritySignature',
  EnableSecuritySignature: 'EnableSecuritySignature',
};

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
  const valueName = valueNames[property];
  return {
    ...state,
    [side]: { ...state[side], [property]: wanted },
    registry:
      valueName === undefined
        ? state.registry
        : withValue(state.registry, keyOf(side), valueName, Number(wanted)),
  };
}

/** What the services read from the registry when they start. */
export function withSettingsFromRegistry(state: WindowsState): WindowsState {
  return { ...state, smbServer: started(state, 'smbServer'), smbClient: started(state, 'smbClient') };
}

function started(state: WindowsState, side: SmbSide): WindowsState[SmbSide] {
  const running = state[side];
  if (running === null) return null;
  const fresh: Record<string, boolean> = { ...running };
  for (const [property, valueName] of Object.entries(valueNames)) {
    if (running[property] === undefined) continue;
    const data = readValue(state.registry, keyOf(side), valueName);
    fresh[property] =
      typeof data === 'number' ? data === 1 : byDefault(state, side, property, running[property]);
  }
  return fresh;
}

function byDefault(state: WindowsState, side: SmbSide, property: string, current: boolean): boolean {
  if (property === 'EnableSMB1Protocol') return speaksSmb1(state);
  if (property === 'RequireSecuritySignature') return requiresSigning(side, state);
  return current;
}

/** The property that a registry value stands behind; undefined for any other value. */
export function smbSettingOf(
  key: string,
  value: string,
): { readonly side: SmbSide; readonly property: string } | undefined {
  const side = (['smbServer', 'smbClient'] as const).find((it) => same(keyOf(it), key));
  const property = Object.keys(valueNames).find((name) => same(valueNames[name] ?? '', value));
  return side === undefined || property === undefined ? undefined : { side, property };
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
