import type { Duration } from '../../core/time.ts';
import type { ServedResponse } from '../../ports/http-listener.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import type { SealedSpelling } from './sealed-spelling.ts';

/** How a lab host can be unwell, one request at a time. A refused port is `HttpServer.suspend`. */
export type Misbehaviour =
  /** Reset the connection before anything is done. */
  | 'drop'
  /** Do what was asked, then reset the connection instead of answering. */
  | 'lose-answer'
  /** HTTP 503, as while the service starts. */
  | 'unavailable'
  /** HTTP 200 with bytes that are no SOAP. */
  | 'garbage'
  /** HTTP 502, as from a proxy in the way. */
  | 'bad-gateway'
  /** Accept, and never answer. */
  | 'tarpit'
  /** HTTP 401, and the logon is forgotten. */
  | 'unauthorized'
  /** Answer, then close the connection without having said so. */
  | 'close-after'
  /** Answer with `Connection: close`, and close. */
  | 'announce-close'
  /** Answer with this fault in place of doing what was asked. */
  | { readonly kind: 'fault'; readonly fault: WsmanFault }
  /** Think for so long before doing what was asked. */
  | { readonly kind: 'delay'; readonly delay: Duration }
  /** Send the answer's body in pieces, with a pause before each. */
  | { readonly kind: 'dribble'; readonly bytes: number; readonly pause: Duration }
  /** Reset the connection when so many bytes of the answer's body were sent. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Call the answer's content something else. */
  | { readonly kind: 'content-type'; readonly value: string }
  /** Write the framing of sealed answers as other implementations do. */
  | { readonly kind: 'spelling'; readonly spelling: SealedSpelling };

/** Asked for each request; `action` is `Receive` and the like, or `logon` for the legs of a handshake. */
export type Misbehave = (request: {
  readonly connection: number;
  readonly action: string;
  /** 1 for the first request that this host ever saw. */
  readonly order: number;
}) => Misbehaviour | undefined;

/** Misbehaves at the first `count` requests with this action. */
export function first(count: number, action: string, misbehaviour: Misbehaviour): Misbehave {
  let left = count;
  return (request) => {
    if (request.action !== action || left === 0) return undefined;
    left -= 1;
    return misbehaviour;
  };
}

export const unavailable: ServedResponse = { status: 503, headers: {}, body: new Uint8Array(0) };
export const badGateway: ServedResponse = { status: 502, headers: {}, body: new Uint8Array(0) };
export const unauthorized: ServedResponse = {
  status: 401,
  headers: { 'WWW-Authenticate': 'Negotiate' },
  body: new Uint8Array(0),
};
export const garbage: ServedResponse = {
  status: 200,
  headers: { 'Content-Type': 'application/octet-stream' },
  body: Uint8Array.from({ length: 64 }, (_, index) => (index * 167 + 13) & 0xff),
};
