import type { Result } from '../core/result.ts';
import type { Duration } from '../core/time.ts';

/** One request as a server sees it; `connection` identifies the socket it came on. */
export interface ServedRequest {
  readonly connection: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Uint8Array;
  /** The peer's certificate (DER) where it showed one; who vouches for it is the handler's to judge. */
  readonly clientCertificate?: Uint8Array;
  /** Aborts when the peer goes away before it was answered. */
  readonly signal: AbortSignal;
}

export interface ServedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Close the socket after this answer. */
  readonly close?: boolean;
  /** Close it all the same, without having said so in the answer. */
  readonly ending?: 'close';
  /** Send the body in pieces, with a pause before each. */
  readonly pace?: { readonly bytes: number; readonly pause: Duration };
  /** Reset the socket when so many bytes of the body were sent. */
  readonly cutAfter?: number;
}

/** What a served host does with its connections. */
export interface HttpHandler {
  connected(connection: number): void;
  /** The answer, or `drop` to reset the connection without one. */
  request(request: ServedRequest): Promise<ServedResponse | 'drop'>;
  disconnected(connection: number): void;
}

export interface HttpServer {
  readonly address: string;
  readonly port: number;
  /** Closes the connections that carry no request now, as a service does after a while. */
  closeIdleConnections(): void;
  /** Resets every open connection; the port stays open. */
  dropConnections(): void;
  /** Stops listening, so that new connections are refused; `resume` opens the same port again. */
  suspend(): Promise<void>;
  resume(): Promise<Result<void>>;
  close(): Promise<void>;
}

/** What a server of HTTPS shows and asks for. */
export interface ServerTls {
  /** PEM, not encrypted. */
  readonly key: string;
  /** PEM: the server's certificate, then its intermediates. */
  readonly certificate: string;
  /** Ask peers for a certificate; they need not have one. */
  readonly requestClientCertificate?: boolean;
  /** Versions that are spoken; both unless given. */
  readonly version?: 'TLSv1.2' | 'TLSv1.3';
}

export interface HttpListener {
  /**
   * Listens on loopback; port 0 takes a free one.
   *
   * @param tls - Serves HTTPS. Failure `net.listen` where key and certificate cannot be used.
   */
  listen(address: string, port: number, handler: HttpHandler, tls?: ServerTls): Promise<Result<HttpServer>>;
}
