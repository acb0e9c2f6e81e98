import type { Smb1State } from '../../model/scenario.ts';
import type { Registry } from '../../model/windows-state.ts';
import type { WindowsBuild } from './builds.ts';
import { keys } from './registry.ts';

/** Where Windows keeps SMB1: the states of its features, and its driver in the registry. */
export interface Smb1Parts {
  readonly features: Record<string, string>;
  readonly windowsFeatures: Record<string, string>;
  readonly registry: Registry;
}

/** The parts of SMB1 on a build, switched as the scenario says. */
export function smb1Parts(build: WindowsBuild, wanted: Smb1State): Smb1Parts {
  const on = wanted === 'as-shipped' ? build.smb1OutOfTheBox : wanted !== 'off';
  if (build.smb1 === 'driver') return driverOnly();
  const server = on && wanted !== 'client-only';
  const parts = build.smb1 === 'parts' ? optionalParts(build, on, server) : {};
  const roleParts =
    build.smb1 === 'parts' ? { 'FS-SMB1-CLIENT': role(on), 'FS-SMB1-SERVER': role(server) } : {};
  return {
    features: { SMB1Protocol: optional(on), ...parts },
    windowsFeatures: { 'FS-SMB1': role(on), ...roleParts },
    registry: {
      [keys.workstation]: { DependOnService: ['Bowser', 'MRxSmb20', 'NSI'] },
      ...(on ? { [keys.smb1Driver]: { Start: 2 } } : {}),
    },
  };
}

/** Before 8.1 and Server 2012 R2 SMB1 cannot be removed, and Workstation depends on its driver. */
function driverOnly(): Smb1Parts {
  return {
    features: {},
    windowsFeatures: {},
    registry: {
      [keys.workstation]: { DependOnService: ['Bowser', 'MRxSmb10', 'MRxSmb20', 'NSI'] },
      [keys.smb1Driver]: { Start: 3 },
    },
  };
}

/** "Automatic Removal" is there on clients only. */
function optionalParts({ kind }: WindowsBuild, client: boolean, server: boolean): Record<string, string> {
  return {
    'SMB1Protocol-Client': optional(client),
    'SMB1Protocol-Server': optional(server),
    ...(kind === 'client' ? { 'SMB1Protocol-Deprecation': optional(client) } : {}),
  };
}

const optional = (on: boolean): string => (on ? 'Enabled' : 'Disabled');
const role = (on: boolean): string => (on ? 'Installed' : 'Available');
