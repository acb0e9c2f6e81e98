import { parseInstant } from '../../core/time.ts';
import type { Instant } from '../../core/time.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import { applicationTag, DerTag, readDer, readOnlyDer } from '../bytes/der.ts';
import { readDerFields } from '../bytes/der-fields.ts';

/** Why a Kerberos service refused a ticket. @see RFC 4120 §5.9.1 https://www.rfc-editor.org/rfc/rfc4120#section-5.9.1 */
export interface KrbError {
  /** As RFC 4120 §7.5.9 numbers them. */
  readonly code: number;
  /** What the service's clock showed. */
  readonly serverTime: Instant;
  /** The service's own words. */
  readonly text: string | undefined;
}

/** Codes that say something an operator can act on. */
export const KrbErrorCode = {
  clockSkew: 37,
  badIntegrity: 41,
  notUs: 35,
  badKeyVersion: 44,
  repeat: 34,
} as const;

const krbErrorTag = applicationTag(30);
const gssErrorId = 0x0300;

/** Reads the error in a GSSAPI token of a Kerberos acceptor; undefined for every other token. @see RFC 4121 §4.1 */
export function decodeKrbError(token: Uint8Array): KrbError | undefined {
  const framed = readOnlyDer(token, applicationTag(0));
  const name = framed && readDer(framed);
  if (framed === undefined || name?.tag !== DerTag.oid) return undefined;
  const inner = framed.subarray(name.end);
  if (new ByteReader(inner).u16be() !== gssErrorId) return undefined;
  const fields = readDerFields(readOnlyDer(inner.subarray(2), krbErrorTag), 12);
  const serverTime = readTime(fields?.get(4));
  const code = readInteger(fields?.get(6));
  if (serverTime === undefined || code === undefined) return undefined;
  return { code, serverTime, text: readText(fields?.get(11)) };
}

/** Codes are small; whatever has more than two bytes is none. */
function readInteger(field: Uint8Array | undefined): number | undefined {
  const content = field && readOnlyDer(field, DerTag.integer);
  if (content === undefined || content.length === 0 || content.length > 2) return undefined;
  return content.reduce((number, byte) => number * 256 + byte, 0);
}

function readTime(field: Uint8Array | undefined): Instant | undefined {
  const text = readText(field, DerTag.generalizedTime) ?? '';
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = match;
  return parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function readText(field: Uint8Array | undefined, tag: number = DerTag.generalString): string | undefined {
  const content = field && readOnlyDer(field, tag);
  return content && new TextDecoder('latin1').decode(content);
}
