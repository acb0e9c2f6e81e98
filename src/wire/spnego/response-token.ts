import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { contextTag, decodeOid, DerTag, encodeOid, readOnlyDer, writeDer } from '../bytes/der.ts';
import { readDerFields } from '../bytes/der-fields.ts';
import { malformed, maxTokenBytes, lastField, readOctets } from './token-reader.ts';

/** Where a negotiation stands, by the numbers of the protocol. */
const negStates = ['accept-completed', 'accept-incomplete', 'reject', 'request-mic'] as const;
export type NegState = (typeof negStates)[number];

/** Every token but the first, of both sides. @see RFC 4178 §4.2.2 https://www.rfc-editor.org/rfc/rfc4178#section-4.2.2 */
export interface NegTokenResponse {
  /** Said by the acceptor in each of its tokens; initiators leave it out. */
  readonly state?: NegState;
  /** The mechanism that the acceptor chose, in its first token only. */
  readonly mechanism?: string;
  /** The chosen mechanism's own token. */
  readonly token?: Uint8Array;
  /** Integrity of the list that was offered. */
  readonly mic?: Uint8Array;
}

export function encodeResponse({ state, mechanism, token, mic }: NegTokenResponse): Uint8Array {
  const fields = [
    state && writeDer(DerTag.enumerated, Uint8Array.of(negStates.indexOf(state))),
    mechanism && writeDer(DerTag.oid, encodeOid(mechanism)),
    token && writeDer(DerTag.octetString, token),
    mic && writeDer(DerTag.octetString, mic),
  ];
  const present = fields.flatMap((field, number) =>
    field === undefined || field === '' ? [] : [writeDer(contextTag(number), field)],
  );
  return writeDer(contextTag(1), writeDer(DerTag.sequence, ...present));
}

/** Whether a token begins as a NegTokenResp does. */
export function isResponse(bytes: Uint8Array): boolean {
  return bytes[0] === contextTag(1);
}

/** Reads a NegTokenResp. Failure `auth.malformed-token`. */
export function decodeResponse(bytes: Uint8Array): Result<NegTokenResponse> {
  if (bytes.length > maxTokenBytes) return malformed(`it has ${String(bytes.length)} bytes`);
  const fields = readDerFields(readOnlyDer(bytes, contextTag(1)), lastField);
  if (fields === undefined) return malformed('it is not an answer of a negotiation');
  const state = readState(fields.get(0));
  const mechanism = readMechanism(fields.get(1));
  const token = readOctets(fields.get(2));
  const mic = readOctets(fields.get(3));
  if (state === 'malformed') return malformed('it gives no known state');
  if (mechanism === 'malformed') return malformed('its mechanism cannot be read');
  if (token === 'malformed' || mic === 'malformed') return malformed('its token or MIC cannot be read');
  return ok({
    ...(state !== undefined && { state }),
    ...(mechanism !== undefined && { mechanism }),
    ...(token !== undefined && { token }),
    ...(mic !== undefined && { mic }),
  });
}

function readState(field: Uint8Array | undefined): NegState | undefined | 'malformed' {
  if (field === undefined) return undefined;
  const content = readOnlyDer(field, DerTag.enumerated);
  if (content?.length !== 1) return 'malformed';
  return negStates.find((_, number) => number === content[0]) ?? 'malformed';
}

function readMechanism(field: Uint8Array | undefined): string | undefined {
  if (field === undefined) return undefined;
  const content = readOnlyDer(field, DerTag.oid);
  return (content && decodeOid(content)) ?? 'malformed';
}
