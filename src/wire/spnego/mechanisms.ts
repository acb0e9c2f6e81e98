import { encodeOid } from '../bytes/der.ts';

/** Mechanisms that SPNEGO chooses from. */
export const Mechanism = {
  kerberos: '1.2.840.113554.1.2.2',
  /** Windows 2000 cut a number to 16 bits; all Windows still name it, and mean Kerberos. @see MS-SPNG §3.1.5 */
  microsoftKerberos: '1.2.840.48018.1.2.2',
  ntlm: '1.3.6.1.4.1.311.2.2.10',
} as const;

const spnego = '1.3.6.1.5.5.2';

/** SPNEGO's own identifier, as the content of its DER value. */
export const spnegoOid: Uint8Array = encodeOid(spnego);

/** Whether both names mean one mechanism: Kerberos has two. */
export function isSameMechanism(a: string | undefined, b: string | undefined): boolean {
  return canonical(a) === canonical(b);
}

function canonical(mechanism: string | undefined): string | undefined {
  return mechanism === Mechanism.microsoftKerberos ? Mechanism.kerberos : mechanism;
}
