import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { FieldSource } from '../../control/declaration.ts';
import type { StateValue } from '../../model/observation.ts';
import type { WindowsState } from '../../model/windows-state.ts';
import { withFeature, withWindowsFeature } from './features.ts';
import { keys, readValue, withValue } from './registry.ts';
import { withSmbSetting } from './smb-settings.ts';

/** Identifiers that the scripts of controls throw; no locale translates them. */
export type WriteErrorId =
  'CountersignUnknownValue' | 'CountersignUnexpectedDependencies' | 'CountersignStillDepends';

/** Sets what a source reads, with all that Windows does along with it. */
export function writeSource(
  state: WindowsState,
  source: FieldSource,
  wanted: StateValue,
): Result<WindowsState, WriteErrorId> {
  switch (source.kind) {
    case 'smb-server-configuration':
    case 'smb-client-configuration': {
      if (typeof wanted !== 'boolean') return unknownValue;
      const side = source.kind === 'smb-server-configuration' ? 'smbServer' : 'smbClient';
      return ok(withSmbSetting(state, side, source.property, wanted));
    }
    case 'registry':
      return writeRegistry(state, source, wanted);
    case 'feature':
      if (wanted !== 'Enabled' && wanted !== 'Disabled') return unknownValue;
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
