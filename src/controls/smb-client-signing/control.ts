import type { Control } from '../../control/declaration.ts';
import { smbSigningControl } from '../../control/smb-signing.ts';

export const smbClientSigning: Control = smbSigningControl({
  side: 'client',
  service: 'LanmanWorkstation',
  summary:
    'Lets the SMB client refuse sessions that are not signed; guest shares and devices that cannot sign become unreachable from this host.',
});
