import type { z } from 'zod';
import { WindowsCase } from '../../src/model/windows-case.ts';

/** A Server 2019 as it is delivered, but for the given differences. */
export function windows2019(changes: Partial<z.input<typeof WindowsCase>> = {}): WindowsCase {
  return WindowsCase.parse({
    build: 17763,
    productType: 3,
    caption: 'Microsoft Windows Server 2019 Standard',
    computerName: 'FS-01',
    registry: {},
    smbServer: { EnableSMB1Protocol: false, AuditSmb1Access: false, RequireSecuritySignature: false },
    smbClient: { RequireSecuritySignature: false },
    features: { SMB1Protocol: 'Disabled' },
    windowsFeatures: { 'FS-SMB1': 'Available' },
    ...changes,
  });
}
