import { applicationTag, decodeOid, DerTag, readDer, readOnlyDer } from '../bytes/der.ts';
import { ntlmSignature } from '../ntlm/message-header.ts';
import { Mechanism } from './mechanisms.ts';

/** The mechanism of a token that stands alone, by how it begins; undefined for what is none that we know. */
export function rawMechanism(token: Uint8Array): string | undefined {
  if (ntlmSignature.every((byte, index) => token[index] === byte)) return Mechanism.ntlm;
  const name = readDer(readOnlyDer(token, applicationTag(0)) ?? new Uint8Array(0));
  const mechanism = name?.tag === DerTag.oid ? decodeOid(name.content) : undefined;
  return mechanism === Mechanism.kerberos ? mechanism : undefined;
}
