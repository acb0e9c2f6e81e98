import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';

/** The id of messages that belong to the pool rather than to a pipeline. */
export const emptyGuid = '00000000-0000-0000-0000-000000000000';

/** A GUID in .NET's order: the first three groups little-endian. The text must be a GUID with hyphens. */
export function encodeGuid(text: string): Uint8Array {
  const [a = '', b = '', c = '', ...rest] = text.split('-');
  const number = (hex: string): number => Number.parseInt(hex, 16);
  return new ByteWriter()
    .u32le(number(a))
    .u16le(number(b))
    .u16le(number(c))
    .bytes(new Uint8Array(Buffer.from(rest.join(''), 'hex')))
    .finish();
}

/** The text of 16 bytes in .NET's order, in lower case with hyphens. */
export function decodeGuid(bytes: Uint8Array): string {
  const reader = new ByteReader(bytes);
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const head = [hex(reader.u32le(), 8), hex(reader.u16le(), 4), hex(reader.u16le(), 4)];
  const tail = Buffer.from(reader.take(8)).toString('hex');
  return [...head, tail.slice(0, 4), tail.slice(4)].join('-');
}
