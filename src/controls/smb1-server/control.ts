import { z } from 'zod';
import type { Control } from '../../control/declaration.ts';
import { assessToggle } from '../../control/toggle.ts';

const key = String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters`;

/** @see https://learn.microsoft.com/windows-server/storage/file-server/troubleshoot/detect-enable-and-disable-smbv1-v2-v3 */
export const smb1Server: Control = {
  id: 'smb1-server',
  title: 'SMB1 on the server side',
  summary:
    'Stops the SMB server from accepting SMB1, at once and without a restart; clients that know nothing newer lose access.',
  params: z.strictObject({ enabled: z.boolean() }),
  fields: [
    { name: 'enabled', source: { kind: 'smb-server-configuration', property: 'EnableSMB1Protocol' } },
    { name: 'registryValue', source: { kind: 'registry', key, value: 'SMB1' } },
    { name: 'policy', source: { kind: 'policy-name', key, value: 'SMB1' } },
    { name: 'policyValue', source: { kind: 'policy-value', key, value: 'SMB1' } },
  ],
  assess: (state, wanted, facts) =>
    assessToggle(
      {
        field: 'enabled',
        hardened: false,
        says: { on: 'The SMB server accepts SMB1', off: 'The SMB server refuses SMB1' },
        registry: { absent: true, restart: true },
      },
      state,
      wanted['enabled'] === true,
      facts,
    ),
};
