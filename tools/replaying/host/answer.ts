import { decodeBase64, encodeBase64 } from '../../../src/wire/bytes/base64.ts';
import { fragmentHeaderBytes, readFragmentHeader } from '../../../src/wire/psrp/fragment.ts';
import { decodeGuid, encodeGuid } from '../../../src/wire/psrp/guid.ts';
import type { IdMap } from '../ids.ts';
import type { Exchange } from '../recording.ts';
import type { Request } from './request.ts';

/** Elements that carry fragments. */
const carriers =
  /(<(?:\w+:)?(?:creationXml|connectXml|connectResponseXml|Arguments|Stream)\b[^>]*>)([^<]+)(<)/g;
const relatesTo = /(<(?:\w+:)?RelatesTo\b[^>]*>)[^<]*(<)/;

/** Whether an answer's body is a fault, which always travels with HTTP status 500. */
export function isFault(response: string): boolean {
  return /<(?:\w+:)?Fault\b/.test(response);
}

/**
 * The recorded answer to a request of ours: it relates to our message, and carries our ids, also in the headers of
 * the PSRP messages inside (INDEX.md §3.3).
 */
export function answerFor(exchange: Exchange, ours: Request, ids: IdMap): Uint8Array {
  const text = translateEnvelope(exchange.response ?? '', ours.isPsrp, ids).replace(
    relatesTo,
    (_all, open: string, close: string) => `${open}uuid:${ours.messageId}${close}`,
  );
  return new TextEncoder().encode(text);
}

/** A recorded envelope with our ids in the place of the recorded ones, in its text and in its fragments. */
export function translateEnvelope(envelope: string, isPsrp: boolean, ids: IdMap): string {
  const text = ids.translate(envelope);
  if (!isPsrp) return text;
  return text.replace(carriers, (_all, open: string, content: string, close: string) => {
    return `${open}${patchIds(content, ids)}${close}`;
  });
}

/** Puts our ids into the headers of the messages that begin in these fragments. */
function patchIds(content: string, ids: IdMap): string {
  const bytes = decodeBase64(content);
  if (bytes === undefined) return content;
  for (let at = 0; at < bytes.length;) {
    const header = readFragmentHeader(bytes.subarray(at));
    if (header === undefined) break;
    const blob = at + fragmentHeaderBytes;
    if (header.start && header.blobBytes >= 40) {
      for (const offset of [blob + 8, blob + 24]) {
        const ours = ids.oursOf(decodeGuid(bytes.subarray(offset, offset + 16)));
        if (ours !== undefined) bytes.set(encodeGuid(ours), offset);
      }
    }
    at = blob + header.blobBytes;
  }
  return encodeBase64(bytes);
}
