import { z } from 'zod';
import type { Control } from './declaration.ts';
import { assessToggle } from './toggle.ts';

/** One side of SMB, and what requiring signatures of it does. */
export interface SmbSigningSide {
  readonly side: 'client' | 'server';
  readonly service: 'LanmanWorkstation' | 'LanmanServer';
  readonly summary: string;
}

const services = String.raw`HKLM:\SYSTEM\CurrentControlSet\Services`;
const value = 'RequireSecuritySignature';

/**
 * Signing that one side of SMB requires.
 *
 * Only `Require` matters: SMB2 and later ignore `EnableSecuritySignature`, which is recorded and never touched.
 *
 * @see https://learn.microsoft.com/windows-server/storage/file-server/smb-signing-overview
 */
export function smbSigningControl({ side, service, summary }: SmbSigningSide): Control {
  const key = `${services}\\${service}\\Parameters`;
  const says = {
    on: `The SMB ${side} requires signing`,
    off: `The SMB ${side} does not require signing`,
  };
  const toggle = { field: 'require', hardened: true, says, registry: { absent: false, restart: false } };
  return {
    id: `smb-${side}-signing`,
    title: `SMB signing required by the ${side}`,
    summary,
    params: z.strictObject({ require: z.boolean() }),
    fields: [
      { name: 'require', source: { kind: `smb-${side}-configuration`, property: value } },
      { name: 'registryValue', source: { kind: 'registry', key, value } },
      { name: 'enableValue', source: { kind: 'registry', key, value: 'EnableSecuritySignature' } },
      { name: 'policy', source: { kind: 'policy-name', key, value } },
      { name: 'policyValue', source: { kind: 'policy-value', key, value } },
    ],
    assess: (state, wanted, facts) => assessToggle(toggle, state, wanted['require'] === true, facts),
  };
}
