import { z } from 'zod';
import type { Control } from '../../control/declaration.ts';
import { assessToggle } from '../../control/toggle.ts';

const key = String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\LanmanWorkstation\Parameters`;
const value = 'RequireSecuritySignature';

/**
 * Only `Require` matters: SMB2 and later ignore `EnableSecuritySignature`, which is recorded and never touched.
 *
 * @see https://learn.microsoft.com/windows-server/storage/file-server/smb-signing-overview
 */
export const smbClientSigning: Control = {
  id: 'smb-client-signing',
  title: 'SMB signing required by the client',
  summary:
    'Lets the SMB client refuse sessions that are not signed; guest shares and devices that cannot sign become unreachable from this host.',
  params: z.strictObject({ require: z.boolean() }),
  fields: [
    { name: 'require', source: { kind: 'smb-client-configuration', property: value } },
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
        says: { on: 'The SMB client requires signing', off: 'The SMB client does not require signing' },
        registry: { absent: false, restart: false },
      },
      state,
      wanted['require'] === true,
      facts,
    ),
};
