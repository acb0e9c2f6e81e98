import { concatBytes } from '../../wire/bytes/concat.ts';
import { le32 } from '../../wire/bytes/little-endian.ts';
import {
  decodeSealed,
  isSealedContentType,
  soapContentType,
} from '../../wire/sealing/multipart-encrypted.ts';

/**
 * How other services write the framing of a sealed body: Exchange puts a space before the boundary, OMI leaves out the
 * tabs.
 */
export type SealedSpelling = 'exchange' | 'no-tabs';

/** Writes the framing of an answer in another way; an answer that is not sealed stays as it is. */
export function respell<
  Answer extends { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array },
>(answer: Answer, spelling: SealedSpelling): Answer {
  const contentType = answer.headers['Content-Type'];
  const frame = isSealedContentType(contentType) ? decodeSealed(answer.body) : undefined;
  if (frame?.ok !== true) return answer;
  const protocol = /protocol="([^"]+)"/.exec(contentType ?? '')?.[1] ?? '';
  const boundary = spelling === 'exchange' ? '-- Encrypted Boundary' : '--Encrypted Boundary';
  const tab = spelling === 'no-tabs' ? '' : '\t';
  const head = [
    boundary,
    `${tab}Content-Type: ${protocol}`,
    `${tab}OriginalContent: type=${soapContentType};Length=${frame.value.plainBytes}`,
    boundary,
    `${tab}Content-Type: application/octet-stream`,
    '',
  ].join('\r\n');
  const { header, body } = frame.value;
  const text = new TextEncoder();
  const end = text.encode(`${boundary}--\r\n`);
  return { ...answer, body: concatBytes(text.encode(head), le32(header.length), header, body, end) };
}
