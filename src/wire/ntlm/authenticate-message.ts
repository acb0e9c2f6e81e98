import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import {
  malformed,
  PayloadLayout,
  readField,
  readHeader,
  sliceField,
  writeField,
  writeHeader,
} from './message-header.ts';
import type { PayloadField } from './message-header.ts';
import { decodeName, encodeName } from './names.ts';
import { ntlmVersion, versionBytes } from './version.ts';

/** Up to and with the flags; version and MIC behind them may be missing. */
const fixedBytes = 64;
const micOffset = fixedBytes + versionBytes;
const micBytes = 16;

export interface AuthenticateMessage {
  readonly flags: number;
  readonly domain: string;
  readonly user: string;
  readonly workstation: string;
  readonly lmResponse: Uint8Array;
  readonly ntResponse: Uint8Array;
  /** Empty where no key is exchanged. */
  readonly encryptedSessionKey: Uint8Array;
  /** 8 bytes; ours where it is left out. */
  readonly version?: Uint8Array;
  /** Whether room is left for a MIC, zero until `setMic`. */
  readonly hasMic: boolean;
}

/** @see MS-NLMP §2.2.1.3 https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/033d32cc-88f9-4483-9bf2-b273055038ce */
export function encodeAuthenticate(message: AuthenticateMessage): Uint8Array {
  const layout = new PayloadLayout(micOffset + (message.hasMic ? micBytes : 0));
  const domain = layout.add(encodeName(message.domain, message.flags));
  const user = layout.add(encodeName(message.user, message.flags));
  const workstation = layout.add(encodeName(message.workstation, message.flags));
  const lm = layout.add(message.lmResponse);
  const nt = layout.add(message.ntResponse);
  const key = layout.add(message.encryptedSessionKey);
  const writer = writeHeader(new ByteWriter(), 3);
  for (const field of [lm, nt, domain, user, workstation, key]) writeField(writer, field);
  writer.u32le(message.flags).bytes(message.version ?? ntlmVersion);
  if (message.hasMic) writer.zeros(micBytes);
  return layout.write(writer).finish();
}

/** Reads AUTHENTICATE. Failure `auth.malformed-token`. */
export function decodeAuthenticate(bytes: Uint8Array): Result<AuthenticateMessage> {
  const header = readHeader(bytes, 3);
  if (!header.ok) return header;
  const reader = header.value;
  const fields = Array.from({ length: 6 }, () => readField(reader));
  const flags = reader.u32le();
  if (reader.isShort) return malformed(3, 'it is too short');
  const parts = fields.map((field) => sliceField(bytes, field, fixedBytes));
  if (parts.includes(undefined)) return malformed(3, 'a part lies outside the message');
  const [lmResponse, ntResponse, domain, user, workstation, encryptedSessionKey] = parts as Parts;
  return ok({
    flags,
    domain: decodeName(domain, flags),
    user: decodeName(user, flags),
    workstation: decodeName(workstation, flags),
    lmResponse,
    ntResponse,
    encryptedSessionKey,
    hasMic: payloadStart(fields, bytes.length) >= micOffset + micBytes,
  });
}

type Parts = [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];

function payloadStart(fields: readonly PayloadField[], end: number): number {
  const offsets = fields.filter(({ length }) => length > 0).map(({ offset }) => offset);
  return Math.min(end, ...offsets);
}

/** The MIC of a message that has one. */
export function readMic(token: Uint8Array): Uint8Array {
  return token.subarray(micOffset, micOffset + micBytes);
}

/** A copy of a message that has a MIC, with that MIC set; zeros to compute it over. */
export function setMic(token: Uint8Array, mic: Uint8Array = new Uint8Array(micBytes)): Uint8Array {
  const copy = new Uint8Array(token);
  copy.set(mic, micOffset);
  return copy;
}
