import type { Control, ControlCatalog } from '../control/declaration.ts';
import { smbClientSigning } from './smb-client-signing/control.ts';
import { smbServerSigning } from './smb-server-signing/control.ts';
import { smb1Audit } from './smb1-audit/control.ts';
import { smb1Feature } from './smb1-feature/control.ts';
import { smb1Server } from './smb1-server/control.ts';

const all: readonly Control[] = [smbClientSigning, smbServerSigning, smb1Audit, smb1Feature, smb1Server];

/** Every control that ships, one folder each. */
export const controlCatalog: ControlCatalog = new Map(all.map((control) => [control.id, control]));
