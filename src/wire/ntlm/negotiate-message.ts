import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { flagField, hasFlag } from './flags.ts';
import { malformed, readField, readHeader, sliceField, writeHeader } from './message-header.ts';
import { ntlmVersion } from './version.ts';

const fixedBytes = 32;
const payloadOffset = 40;
/** Flags of the message itself; nothing is negotiated by them. */
const domainSupplied = 0x1000;
const workstationSupplied = 0x2000;

export interface NegotiateMessage {
  readonly flags: number;
}

/** NEGOTIATE without domain and workstation, which servers ignore. @see MS-NLMP §2.2.1.1 */
export function encodeNegotiate({ flags }: NegotiateMessage): Uint8Array {
  const writer = writeHeader(new ByteWriter(), 1).u32le(flags);
  for (let field = 0; field < 2; field++) writer.u32le(0).u32le(payloadOffset);
  return writer.bytes(ntlmVersion).finish();
}

/** Reads NEGOTIATE; supplied names are checked for their bounds and dropped. Failure `auth.malformed-token`. */
export function decodeNegotiate(bytes: Uint8Array): Result<NegotiateMessage> {
  const header = readHeader(bytes, 1);
  if (!header.ok) return header;
  const reader = header.value;
  const flags = reader.u32le();
  // Old clients leave the name fields out where they name nothing.
  const namesAny = (flags & (domainSupplied | workstationSupplied)) !== 0;
  const fields = namesAny ? [readField(reader), readField(reader)] : [];
  if (reader.isShort) return malformed(1, 'it is too short');
  if (fields.some((field) => sliceField(bytes, field, fixedBytes) === undefined))
    return malformed(1, 'a name lies outside the message');
  if (!hasFlag(flags, 'unicode') && (flags & flagField('oem')) === 0)
    return malformed(1, 'it offers no character set');
  return ok({ flags });
}
