import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { concatBytes } from '../bytes/concat.ts';
import { le32 } from '../bytes/little-endian.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import type { SealedMessage } from '../security-context.ts';

/** What a plain SOAP message is called, inside and outside the sealing. */
export const soapContentType = 'application/soap+xml;charset=UTF-8';

const boundary = 'Encrypted Boundary';

/** The Content-Type of a sealed body. */
export function sealedContentType(protocol: string): string {
  return `multipart/encrypted;protocol="${protocol}";boundary="${boundary}"`;
}

/** Whether a Content-Type announces a sealed body. */
export function isSealedContentType(contentType: string | undefined): boolean {
  return /^\s*multipart\/encrypted\s*(;|$)/i.test(contentType ?? '');
}

/**
 * Frames one sealed message as the body of an HTTP request or response.
 *
 * @param plainBytes - Length of the plain text, which the receiver splits by.
 * @see MS-WSMV §2.2.9.1 https://learn.microsoft.com/openspecs/windows_protocols/ms-wsmv/b79927c2-96be-4801-aa68-180db95593f9
 */
export function encodeSealed(protocol: string, message: SealedMessage, plainBytes: number): Uint8Array {
  const head =
    `--${boundary}\r\n` +
    `\tContent-Type: ${protocol}\r\n` +
    `\tOriginalContent: type=${soapContentType};Length=${String(plainBytes)}\r\n` +
    `--${boundary}\r\n` +
    '\tContent-Type: application/octet-stream\r\n';
  return concatBytes(
    ascii.encode(head),
    le32(message.header.length),
    message.header,
    message.body,
    ascii.encode(`--${boundary}--\r\n`),
  );
}

const ascii = new TextEncoder();

/** The text part is about 200 bytes; anything much longer is none. */
const maxHeadBytes = 2048;

/** A framed message whose lengths were checked against each other. */
export interface SealedFrame extends SealedMessage {
  /** Length of the plain text, as the sender announced it. */
  readonly plainBytes: number;
}

/**
 * Splits a sealed body by its lengths; the ciphertext is never searched, since it may hold anything.
 *
 * The tabs may be missing (OMI), and the boundary may stand behind a space (Exchange).
 * Failure `auth.malformed-sealing`.
 */
export function decodeSealed(body: Uint8Array): Result<SealedFrame> {
  const head = readHead(body);
  if (head === undefined) return malformed('its text part is not as MS-WSMV writes it');
  const reader = new ByteReader(body, head.end);
  const header = reader.take(reader.u32le());
  const sealed = reader.take(head.plainBytes);
  if (reader.isShort) return malformed('it is shorter than its lengths say');
  const tail = body.subarray(reader.offset);
  if (!/^-- ?Encrypted Boundary--(\r\n)?$/.test(latin1(tail.subarray(0, maxHeadBytes))))
    return malformed(`no closing boundary follows its ${String(head.plainBytes)} bytes`);
  return ok({ header, body: sealed, plainBytes: head.plainBytes });
}

interface Head {
  readonly end: number;
  readonly plainBytes: number;
}

const headPattern =
  /^-- ?Encrypted Boundary\r\n[\t ]*Content-Type:[\t ]*application\/HTTP-[A-Za-z]+-session-encrypted[\t ]*\r\n[\t ]*OriginalContent:[\t ]*[^\r\n]*;[\t ]*Length=(\d{1,10})[\t ]*\r\n-- ?Encrypted Boundary\r\n[\t ]*Content-Type:[\t ]*application\/octet-stream[\t ]*\r\n/i;

function readHead(body: Uint8Array): Head | undefined {
  const match = headPattern.exec(latin1(body.subarray(0, maxHeadBytes)));
  return match === null ? undefined : { end: match[0].length, plainBytes: Number(match[1]) };
}

/** One character a byte, so that positions in the text are positions in the bytes. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function malformed(reason: string): Result<never> {
  return err(failure('auth.malformed-sealing', { reason }));
}
