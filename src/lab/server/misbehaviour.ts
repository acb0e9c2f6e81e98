import type { ServedResponse } from '../../ports/http-listener.ts';

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
  | 'tarpit';

/** Asked for each request; `action` is `Receive` and the like, or `logon` for the legs of a handshake. */
export type Misbehave = (request: {
  readonly connection: number;
  readonly action: string;
  /** 1 for the first request that this host ever saw. */
  readonly order: number;
}) => Misbehaviour | undefined;

export const unavailable: ServedResponse = { status: 503, headers: {}, body: new Uint8Array(0) };
export const badGateway: ServedResponse = { status: 502, headers: {}, body: new Uint8Array(0) };
export const garbage: ServedResponse = {
  status: 200,
  headers: { 'Content-Type': 'application/octet-stream' },
  body: Uint8Array.from({ length: 64 }, (_, index) => (index * 167 + 13) & 0xff),
};
