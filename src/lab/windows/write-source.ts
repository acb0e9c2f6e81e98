import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { FieldSource } from '../../control/declaration.ts';
import type { StateValue } from '../../model/observation.ts';
import type { WindowsState } from '../../model/windows-state.ts';
import { withFeature, withWindowsFeature } from './features.ts';
import { readSource } from './read-source.ts';
import { keys, readValue, withValue } from './registry.ts';
import { withSmbSetting } from './smb-settings.ts';

/** `FullyQualifiedErrorId` of what a control's script, or a cmdlet in it, throws; no locale translates it. */
export type WriteErrorId =
  | 'CountersignUnknownValue'
  | 'CountersignUnexpectedDependencies'
  | 'CountersignStillDepends'
  | 'NamedParameterNotFound'
  | 'Microsoft.Dism.Commands';

/** Sets what a source reads, with all that Windows does along with it; leaves alone what is as wanted. */
export function writeSource(
  state: WindowsState,
  source: FieldSource,
  wanted: StateValue,
): Result<WindowsState, WriteErrorId> {
  if (readSource(state, source) === wanted) return ok(state);
  switch (source.kind) {
    case 'smb-server-configuration':
    case 'smb-client-configuration': {
      if (typeof wanted !== 'boolean') return unknownValue;
      const side = source.kind === 'smb-server-configuration' ? 'smbServer' : 'smbClient';
      if (state[side]?.[source.property] === undefined) return err('NamedParameterNotFound');
      return ok(withSmbSetting(state, side, source.property, wanted));
    }
    case 'registry':
      return writeRegistry(state, source, wanted);
    case 'feature':
      if (wanted !== 'Enabled' && wanted !== 'Disabled') return unknownValue;
      if (state.features?.[source.name] === undefined) return err('Microsoft.Dism.Commands');
      return ok(withFeature(state, source.name, wanted));
    case 'windows-feature':
      if (wanted !== 'Installed' && wanted !== 'Available') return unknownValue;
      return ok(withWindowsFeature(state, source.name, wanted));
    case 'service-dependency':
      return writeDependency(state, wanted);
    case 'policy-name':
    case 'policy-value':
      return unknownValue;
  }
  source satisfies never;
}

const unknownValue = err('CountersignUnknownValue' as const);

function writeRegistry(
  state: WindowsState,
  { key, value }: Extract<FieldSource, { kind: 'registry' }>,
  wanted: StateValue,
): Result<WindowsState, WriteErrorId> {
  const gone = wanted === 'absent';
  if (!gone && typeof wanted !== 'number') return unknownValue;
  // The driver of a service that must start before others is disabled only after nobody depends on it.
  const isDriver = key.toLowerCase() === keys.smb1Driver.toLowerCase() && value === 'Start';
  if (isDriver && wanted === 4 && dependencies(state).some(isSmb1Driver))
    return err('CountersignStillDepends');
  return ok({ ...state, registry: withValue(state.registry, key, value, gone ? undefined : wanted) });
}

function writeDependency(state: WindowsState, wanted: StateValue): Result<WindowsState, WriteErrorId> {
  if (typeof wanted !== 'boolean') return unknownValue;
  if (wanted && readValue(state.registry, keys.smb1Driver, 'Start') === 4) return unknownValue;
  const others = dependencies(state).filter((name) => !isSmb1Driver(name));
  if (!others.includes('MRxSmb20')) return err('CountersignUnexpectedDependencies');
  const list = others.flatMap((name) => (wanted && name === 'MRxSmb20' ? ['MRxSmb10', name] : [name]));
  return ok({ ...state, registry: withValue(state.registry, keys.workstation, 'DependOnService', list) });
}

function dependencies({ registry }: WindowsState): readonly string[] {
  return [readValue(registry, keys.workstation, 'DependOnService') ?? []].flat().map(String);
}

function isSmb1Driver(name: string): boolean {
  return name.toLowerCase() === 'mrxsmb10';
}

/**
 * Whether a change of this source waits for a restart.
 *
 * @param told - Whether the running SMB server was told as well, by its cmdlet.
 */
export function waitsForRestart(source: FieldSource, told: boolean): boolean {
  switch (source.kind) {
    case 'feature':
    case 'windows-feature':
    case 'service-dependency':
      return true;
    case 'registry':
      return source.key === keys.smb1Driver || (source.value === 'SMB1' && !told);
    default:
      return false;
  }
}
