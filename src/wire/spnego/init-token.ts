import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import {
  applicationTag,
  contextTag,
  decodeOid,
  DerTag,
  encodeOid,
  readDer,
  readDerParts,
  readOnlyDer,
  writeDer,
} from '../bytes/der.ts';
import { spnegoOid } from './mechanisms.ts';
import { readDerFields } from '../bytes/der-fields.ts';
import { malformed, maxTokenBytes, lastField, readOctets } from './token-reader.ts';

/** The initiator's first token. @see RFC 4178 §4.2.1 https://www.rfc-editor.org/rfc/rfc4178#section-4.2.1 */
export interface NegTokenInit {
  /** Offered mechanisms as dotted identifiers, the preferred one first. */
  readonly mechanisms: readonly string[];
  /** The first mechanism's own first token, sent in the hope that it is taken. */
  readonly token: Uint8Array | undefined;
}

/** A decoded NegTokenInit, with the bytes that the MICs of both sides cover. */
export interface ReceivedInit extends NegTokenInit {
  readonly mechanismList: Uint8Array;
}

/** MechTypeList, the value that both sides' MICs cover. */
export function encodeMechanismList(mechanisms: readonly string[]): Uint8Array {
  return writeDer(DerTag.sequence, ...mechanisms.map((name) => writeDer(DerTag.oid, encodeOid(name))));
}

export function encodeInit({ mechanisms, token }: NegTokenInit): Uint8Array {
  const list = writeDer(contextTag(0), encodeMechanismList(mechanisms));
  const fields = token === undefined ? [list] : [list, octets(2, token)];
  const inner = writeDer(contextTag(0), writeDer(DerTag.sequence, ...fields));
  return writeDer(applicationTag(0), writeDer(DerTag.oid, spnegoOid), inner);
}

function octets(field: number, value: Uint8Array): Uint8Array {
  return writeDer(contextTag(field), writeDer(DerTag.octetString, value));
}

/** Whether a token begins as a NegTokenInit does, so that a raw token of another mechanism can be told apart. */
export function isInit(bytes: Uint8Array): boolean {
  return innerToken(bytes) !== undefined;
}

/**
 * Reads a NegTokenInit; hints and flags are passed over, as RFC 4178 and MS-SPNG ask.
 *
 * Failure `auth.malformed-token`.
 */
export function decodeInit(bytes: Uint8Array): Result<ReceivedInit> {
  if (bytes.length > maxTokenBytes) return malformed(`it has ${String(bytes.length)} bytes`);
  const inner = innerToken(bytes);
  if (inner === undefined) return malformed('it is not the first token of a negotiation');
  const fields = readDerFields(readOnlyDer(inner, contextTag(0)), lastField);
  const mechanismList = fields?.get(0);
  const mechanisms = mechanismList && readMechanisms(mechanismList);
  if (mechanismList === undefined || mechanisms === undefined)
    return malformed('its list of mechanisms cannot be read');
  const token = readOctets(fields?.get(2));
  if (token === 'malformed') return malformed('its token for the first mechanism cannot be read');
  return ok({ mechanisms, token, mechanismList });
}

function innerToken(bytes: Uint8Array): Uint8Array | undefined {
  const content = readOnlyDer(bytes, applicationTag(0));
  const name = content && readDer(content);
  if (content === undefined || name?.tag !== DerTag.oid || !isEqual(name.content, spnegoOid))
    return undefined;
  return content.subarray(name.end);
}

function readMechanisms(list: Uint8Array): readonly string[] | undefined {
  const parts = readDerParts(readOnlyDer(list, DerTag.sequence) ?? new Uint8Array(0)) ?? [];
  const names = parts.map(({ tag, content }) => (tag === DerTag.oid ? decodeOid(content) : undefined));
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length && known.length > 0 ? known : undefined;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
