import type { Control } from '../../control/declaration.ts';
import { smbSigningControl } from '../../control/smb-signing.ts';

export const smbServerSigning: Control = smbSigningControl({
  side: 'server',
  service: 'LanmanServer',
  summary:
    'Lets the SMB server refuse sessions that are not signed, which stops relaying to it; guest access and clients that cannot sign lose access.',
});
