import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { concatBytes } from '../bytes/concat.ts';
import type { SealedMessage } from '../security-context.ts';

/**
 * A sealed message as RFC 4121 writes it: a header in clear, then the ciphertext of confounder, message and a copy of
 * the header with its checksum behind it, the whole turned to the right by `rotation` bytes.
 */
const headerBytes = 16;
const confounderBytes = 16;
const tokenId = 0x0504;
const sealedFlag = 0x02;
const filler = 0xff;
/** Header copy, and a checksum of 12 (AES with SHA-1) to 24 bytes (AES with SHA-384). */
const trailerBytes = { least: 16 + 12, most: 16 + 32 };

interface WrapToken {
  readonly flags: number;
  /** Bytes of padding, the header's extra count (EC). */
  readonly padding: number;
  /** Right rotation count (RRC). */
  readonly rotation: number;
  readonly sequence: bigint;
  readonly ciphertext: Uint8Array;
}

/**
 * Cuts a message that GSSAPI sealed into what WinRM sends: all that is not message goes to the front.
 *
 * WinRM wants no trailer, so the ciphertext is turned until header copy and checksum stand before the confounder; what
 * is left is exactly as long as the plain text. 60 bytes are in front with AES and SHA-1, 64 or 72 with SHA-2.
 *
 * @param token - What `gss_wrap` gave, turned or not.
 * @returns Failure `auth.kerberos-encryption` for a session with RC4 or DES, whose tokens are of another kind, and for
 *   padding, which WinRM has no place for.
 * @see RFC 4121 §4.2 https://www.rfc-editor.org/rfc/rfc4121#section-4.2
 */
export function splitWrapToken(token: Uint8Array, plainBytes: number): Result<SealedMessage> {
  const read = readToken(token);
  if (read === undefined)
    return unsuitable('its tokens are not those of RFC 4121, so its key is none of AES');
  if (read.padding !== 0) return unsuitable(`it pads by ${String(read.padding)} bytes`);
  const trailer = read.ciphertext.length - plainBytes - confounderBytes;
  if (!isTrailer(trailer)) return unsuitable(`it adds ${String(trailer)} bytes behind a message`);
  const turned = rotate(read.ciphertext, trailer - read.rotation);
  const front = trailer + confounderBytes;
  return ok({
    header: concatBytes(writeHeader({ ...read, rotation: trailer }), turned.subarray(0, front)),
    body: turned.subarray(front),
  });
}

/**
 * Puts a message of WinRM together again, as `gss_unwrap` wants it: turned back.
 *
 * What is checked is what must hold before the bytes are handed to a library; the library checks the seal.
 * Failure `auth.bad-seal`.
 */
export function joinWrapToken(header: Uint8Array, body: Uint8Array): Result<Uint8Array> {
  const read = readToken(concatBytes(header, body));
  if (read === undefined) return broken('its header is not one of RFC 4121 for a sealed message');
  const front = header.length - headerBytes - confounderBytes;
  if (!isTrailer(front)) return broken(`its header has ${String(header.length)} bytes`);
  return ok(concatBytes(writeHeader({ ...read, rotation: 0 }), rotate(read.ciphertext, -read.rotation)));
}

function isTrailer(bytes: number): boolean {
  return bytes >= trailerBytes.least && bytes <= trailerBytes.most;
}

function readToken(bytes: Uint8Array): WrapToken | undefined {
  const reader = new ByteReader(bytes);
  const id = reader.u16be();
  const flags = reader.u8();
  const isFilled = reader.u8() === filler;
  const padding = reader.u16be();
  const rotation = reader.u16be();
  const sequence = reader.u64be();
  if (reader.isShort || id !== tokenId || !isFilled || (flags & sealedFlag) === 0) return undefined;
  return { flags, padding, rotation, sequence, ciphertext: bytes.subarray(headerBytes) };
}

function writeHeader({ flags, padding, rotation, sequence }: WrapToken): Uint8Array {
  const writer = new ByteWriter().u16be(tokenId).u8(flags).u8(filler);
  return writer.u16be(padding).u16be(rotation).u64be(sequence).finish();
}

/** The bytes, at least one, turned to the right (to the left where `by` is negative), any number of times round. */
function rotate(bytes: Uint8Array, by: number): Uint8Array {
  const turn = ((by % bytes.length) + bytes.length) % bytes.length;
  const cut = bytes.length - turn;
  return concatBytes(bytes.subarray(cut), bytes.subarray(0, cut));
}

function unsuitable(reason: string): Result<never> {
  return err(failure('auth.kerberos-encryption', { reason }));
}

function broken(reason: string): Result<never> {
  return err(failure('auth.bad-seal', { reason }));
}
