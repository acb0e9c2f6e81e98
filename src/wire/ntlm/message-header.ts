import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Err, Result } from '../../core/result.ts';
import type { Failure } from '../../core/failure.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';

/** `NTLMSSP` and a NUL: the start of every message. */
export const ntlmSignature: Uint8Array = new TextEncoder().encode('NTLMSSP\0');

/** Largest token that is looked at; real ones stay below 2 KiB. */
const maxTokenBytes = 65_536;

export const messageNames = { 1: 'NEGOTIATE', 2: 'CHALLENGE', 3: 'AUTHENTICATE' } as const;
export type MessageType = keyof typeof messageNames;

/** A failure that names the message which is malformed. */
export function malformed(type: MessageType, reason: string): Err<Failure> {
  return err(failure('auth.malformed-token', { message: `NTLM ${messageNames[type]}`, reason }));
}

/** Checks signature and type; the reader stands behind them. */
export function readHeader(bytes: Uint8Array, type: MessageType): Result<ByteReader> {
  if (bytes.length > maxTokenBytes) return malformed(type, `it has ${String(bytes.length)} bytes`);
  const reader = new ByteReader(bytes);
  const signature = reader.take(ntlmSignature.length);
  const found = reader.u32le();
  if (reader.isShort) return malformed(type, 'it is too short');
  if (signature.some((byte, index) => byte !== ntlmSignature[index]))
    return malformed(type, 'it does not start with NTLMSSP');
  if (found !== type) return malformed(type, `it is of type ${String(found)}`);
  return ok(reader);
}

export function writeHeader(writer: ByteWriter, type: MessageType): ByteWriter {
  return writer.bytes(ntlmSignature).u32le(type);
}

/** Where a variable part of a message lies. */
export interface PayloadField {
  readonly length: number;
  readonly offset: number;
}

/** Reads length, maximum length (ignored, as the specification demands) and offset. */
export function readField(reader: ByteReader): PayloadField {
  const length = reader.u16le();
  reader.u16le();
  return { length, offset: reader.u32le() };
}

/** The bytes of a field; undefined where it points outside the message or into its fixed part. */
export function sliceField(
  bytes: Uint8Array,
  field: PayloadField,
  fixedBytes: number,
): Uint8Array | undefined {
  if (field.length === 0) return new Uint8Array(0);
  if (field.offset < fixedBytes || field.offset + field.length > bytes.length) return undefined;
  return bytes.subarray(field.offset, field.offset + field.length);
}

/** Lays out the variable parts behind the fixed part, in the order they are added. */
export class PayloadLayout {
  readonly #parts: Uint8Array[] = [];
  #offset: number;

  constructor(fixedBytes: number) {
    this.#offset = fixedBytes;
  }

  add(part: Uint8Array): PayloadField {
    const field = { length: part.length, offset: this.#offset };
    this.#parts.push(part);
    this.#offset += part.length;
    return field;
  }

  write(writer: ByteWriter): ByteWriter {
    for (const part of this.#parts) writer.bytes(part);
    return writer;
  }
}

export function writeField(writer: ByteWriter, field: PayloadField): ByteWriter {
  return writer.u16le(field.length).u16le(field.length).u32le(field.offset);
}
