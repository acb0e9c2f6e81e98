import { z } from 'zod';
import type { Control } from '../../control/declaration.ts';
import { assessToggle } from '../../control/toggle.ts';

const key = String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters`;
const value = 'RequireSecuritySignature';

/**
 * Only `Require` matters: SMB2 and later ignore `EnableSecuritySignature`, which is recorded and never touched.
 *
 * @see https://learn.microsoft.com/windows-server/storage/file-server/smb-signing-overview
 */
export const smbServerSigning: Control = {
  id: 'smb-server-signing',
  title: 'SMB signing required by the server',
  summary:
    'Lets the SMB server refuse sessions that are not signed, which stops relaying to it; guest access and clients that cannot sign lose access.',
  params: z.strictObject({ require: z.boolean() }),
  fields: [
    { name: 'require', source: { kind: 'smb-server-configuration', property: value } },
    { name: 'registryValue', source: { kind: 'registry', key, value } },
    { name: 'enableValue', source: { kind: 'registry', key, value: 'EnableSecuritySignature' } },
    { name: 'policy', source: { kind: 'policy-name', key, value } },
    { name: 'policyValue', source: { kind: 'policy-value', key, value } },
  ],
  assess: (state, wanted, facts) =>
    assessToggle(
      {
        field: 'require',
        hardened: true,
        says: { on: 'The SMB server requires signing', off: 'The SMB server does not require signing' },
        registry: { absent: false, restart: false },
      },
      state,
      wanted['require'] === true,
      facts,
    ),
};
