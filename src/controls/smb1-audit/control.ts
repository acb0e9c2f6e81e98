import { z } from 'zod';
import type { Control } from '../../control/declaration.ts';
import { assessToggle } from '../../control/toggle.ts';

/** @see https://learn.microsoft.com/powershell/module/smbshare/set-smbserverconfiguration */
export const smb1Audit: Control = {
  id: 'smb1-audit',
  title: 'Audit of SMB1 access',
  summary:
    'Lets the SMB server record each SMB1 client (event 3000 in SMBServer/Audit), so that they are known before SMB1 goes; changes nothing for them.',
  params: z.strictObject({ enabled: z.boolean() }),
  fields: [{ name: 'enabled', source: { kind: 'smb-server-configuration', property: 'AuditSmb1Access' } }],
  assess: (state, wanted, facts) =>
    assessToggle(
      {
        field: 'enabled',
        hardened: true,
        says: {
          on: 'The SMB server records SMB1 access',
          off: 'The SMB server does not record SMB1 access',
        },
      },
      state,
      wanted['enabled'] === true,
      facts,
    ),
};
