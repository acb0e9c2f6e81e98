import { ByteWriter } from './byte-writer.ts';
import { concatBytes } from './concat.ts';

/** Tags of DER values (the whole identifier byte: class, constructed bit, number). */
export const DerTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  generalizedTime: 0x18,
  generalString: 0x1b,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The tag of a constructed `[n]` of the context, n below 31. */
export const contextTag = (n: number): number => 0xa0 | n;
/** The tag of a constructed `[APPLICATION n]`, n below 31. */
export const applicationTag = (n: number): number => 0x60 | n;

/** One value: its identifier byte, and what it holds as a view on the source. */
export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Where the value ends, from the start of the bytes that were read. */
  readonly end: number;
}

/**
 * Reads the DER value at an offset; what is inside is not looked at, so the depth is the caller's.
 *
 * @returns undefined where the bytes end too early, or use what DER has no place for: indefinite lengths, and tags of
 *   several bytes, which neither certificates nor SPNEGO need.
 * @see ITU-T X.690 §8.1 and §10, https://www.itu.int/rec/T-REC-X.690
 */
export function readDer(bytes: Uint8Array, offset = 0): DerValue | undefined {
  const [tag, first] = [bytes[offset], bytes[offset + 1]];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 4) return undefined;
  const start = offset + 2 + lengthBytes;
  if (start > bytes.length) return undefined;
  const long = bytes.subarray(offset + 2, start).reduce((length, byte) => length * 256 + byte, 0);
  const end = start + (first < 0x80 ? first : long);
  return end > bytes.length ? undefined : { tag, content: bytes.subarray(start, end), end };
}

/** The content of the only value in the bytes; undefined where its tag is another or something follows it. */
export function readOnlyDer(bytes: Uint8Array, tag: number): Uint8Array | undefined {
  const value = readDer(bytes);
  return value?.tag === tag && value.end === bytes.length ? value.content : undefined;
}

const mostDerParts = 256;

/** The values that stand one after the other, such as the content of a sequence; at most 256. */
export function readDerParts(bytes: Uint8Array): readonly DerValue[] | undefined {
  const parts: DerValue[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const part = readDer(bytes, offset);
    if (part === undefined || parts.length === mostDerParts) return undefined;
    parts.push(part);
    offset = part.end;
  }
  return parts;
}

/** One value with the shortest length, around contents that follow each other. */
export function writeDer(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...contents);
  const { length } = content;
  const writer = new ByteWriter().u8(tag);
  if (length < 0x80) return writer.u8(length).bytes(content).finish();
  const octets: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) octets.unshift(left % 256);
  return writer
    .u8(0x80 | octets.length)
    .bytes(Uint8Array.from(octets))
    .bytes(content)
    .finish();
}

/**
 * An object identifier's content in dotted form.
 *
 * @returns undefined for what is none: no bytes, a number cut short, with leading zeros, or beyond 2^53.
 */
export function decodeOid(content: Uint8Array): string | undefined {
  const numbers: number[] = [];
  let number = 0;
  let isInside = false;
  for (const byte of content) {
    if (!isInside && byte === 0x80) return undefined;
    number = number * 128 + (byte & 0x7f);
    if (!Number.isSafeInteger(number)) return undefined;
    isInside = byte >= 0x80;
    if (isInside) continue;
    numbers.push(number);
    number = 0;
  }
  const [first, ...others] = numbers;
  if (isInside || first === undefined) return undefined;
  const arc = Math.min(2, Math.floor(first / 40));
  return [arc, first - arc * 40, ...others].join('.');
}

/** The content of an object identifier that is written in dotted form; our own constants, so nothing is checked. */
export function encodeOid(dotted: string): Uint8Array {
  const [arc = 0, second = 0, ...others] = dotted.split('.').map(Number);
  return concatBytes(...[arc * 40 + second, ...others].map(base128));
}

function base128(number: number): Uint8Array {
  const octets = [number % 128];
  for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
    octets.unshift(0x80 | (left % 128));
  return Uint8Array.from(octets);
}
