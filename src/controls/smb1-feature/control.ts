import { z } from 'zod';
import type { Control } from '../../control/declaration.ts';
import { assessSmb1Feature } from './assess.ts';

const driverKey = String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\mrxsmb10`;

/**
 * The SMB1 feature with its parts; where Windows has no such feature (before 8.1 and Server 2012 R2), the SMB1 client
 * driver together with the dependency on it.
 *
 * @see https://learn.microsoft.com/windows-server/storage/file-server/troubleshoot/detect-enable-and-disable-smbv1-v2-v3
 */
export const smb1Feature: Control = {
  id: 'smb1-feature',
  title: 'SMB1 feature',
  summary:
    'Removes SMB1 from Windows, client and server, and with it the Computer Browser; takes effect with a restart. The payload stays, so that it can be undone.',
  params: z.strictObject({ installed: z.boolean() }),
  fields: [
    { name: 'feature', source: { kind: 'feature', name: 'SMB1Protocol' } },
    { name: 'client', source: { kind: 'feature', name: 'SMB1Protocol-Client' } },
    { name: 'server', source: { kind: 'feature', name: 'SMB1Protocol-Server' } },
    { name: 'automaticRemoval', source: { kind: 'feature', name: 'SMB1Protocol-Deprecation' } },
    { name: 'roleFeature', source: { kind: 'windows-feature', name: 'FS-SMB1' } },
    { name: 'driverStart', source: { kind: 'registry', key: driverKey, value: 'Start' } },
    {
      name: 'driverDependency',
      source: { kind: 'service-dependency', service: 'LanmanWorkstation', on: 'MRxSmb10' },
    },
    { name: 'policy', source: { kind: 'policy-name', key: driverKey, value: 'Start' } },
    { name: 'policyValue', source: { kind: 'policy-value', key: driverKey, value: 'Start' } },
  ],
  assess: (state, wanted, facts) => assessSmb1Feature(state, wanted['installed'] === true, facts),
};
