import type { Secret } from '../../core/secret.ts';
import { concatBytes } from '../bytes/concat.ts';
import { encodeUtf16le } from '../bytes/utf16.ts';
import { hmacMd5 } from './md5.ts';
import { md4 } from './md4.ts';
import { upperCase } from './upper-case.ts';

/**
 * NTOWFv2: the key that password, user and domain make.
 *
 * @see MS-NLMP §3.3.2 https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/5e550938-91d4-459f-b67d-75d70009e3f3
 */
export function ntowfv2(password: Secret, user: string, domain: string): Uint8Array {
  return hmacMd5(md4(encodeUtf16le(password.reveal())), encodeUtf16le(upperCase(user) + domain));
}

export interface ResponseInput {
  /** NTOWFv2. */
  readonly responseKey: Uint8Array;
  /** 8 bytes. */
  readonly serverChallenge: Uint8Array;
  /** 8 random bytes. */
  readonly clientChallenge: Uint8Array;
  /** FILETIME, 8 bytes little-endian. */
  readonly time: Uint8Array;
  /** AV pairs with their end of list. */
  readonly targetInfo: Uint8Array;
}

export interface Ntlmv2Response {
  /** NTProofStr and the blob it proves. */
  readonly ntResponse: Uint8Array;
  readonly lmResponse: Uint8Array;
  /** 16 bytes; also the key exchange key of NTLMv2. */
  readonly sessionBaseKey: Uint8Array;
}

/** Computes both responses and the session base key. @see MS-NLMP §3.3.2 */
export function ntlmv2Response(input: ResponseInput): Ntlmv2Response {
  const blob = concatBytes(
    Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0),
    input.time,
    input.clientChallenge,
    new Uint8Array(4),
    input.targetInfo,
    new Uint8Array(4),
  );
  const proof = hmacMd5(input.responseKey, input.serverChallenge, blob);
  const lmProof = hmacMd5(input.responseKey, input.serverChallenge, input.clientChallenge);
  return {
    ntResponse: concatBytes(proof, blob),
    lmResponse: concatBytes(lmProof, input.clientChallenge),
    sessionBaseKey: hmacMd5(input.responseKey, proof),
  };
}
