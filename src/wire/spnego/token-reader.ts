import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { err } from '../../core/result.ts';
import type { Err } from '../../core/result.ts';
import { DerTag, readOnlyDer } from '../bytes/der.ts';

/** Largest token that is looked at; a Kerberos ticket with many groups stays below 48 KiB, Windows' own limit. */
export const maxTokenBytes = 65_536;

/** Both tokens have fields up to `[3]`, Windows' variant of the first one more. */
export const lastField = 4;

/** A failure that says what is wrong with a token of the negotiation. */
export function malformed(reason: string): Err<Failure> {
  return err(failure('auth.malformed-token', { message: 'SPNEGO', reason }));
}

/** The octets of an optional field: undefined where it is absent, `malformed` where it holds something else. */
export function readOctets(field: Uint8Array | undefined): Uint8Array | undefined | 'malformed' {
  if (field === undefined) return undefined;
  return readOnlyDer(field, DerTag.octetString) ?? 'malformed';
}
