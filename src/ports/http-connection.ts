import type { Result } from '../core/result.ts';
import type { ProxySettings, TlsSettings } from '../core/target.ts';
import type { Duration } from '../core/time.ts';

/** Where an HTTP connection goes. */
export interface HttpEndpoint {
  readonly scheme: 'http' | 'https';
  readonly address: string;
  readonly port: number;
  readonly connectTimeout: Duration;
  readonly tls?: TlsSettings;
  readonly proxy?: ProxySettings;
}

export interface HttpRequest {
  readonly method: 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** From sending the request to the last byte of the answer. */
  readonly timeout: Duration;
  /** Largest body that is accepted; a longer answer fails with `http.response-too-large`. */
  readonly maxResponseBytes: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Header names in lower case; repeated headers in order. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Uint8Array;
}

/**
 * One TCP (or TLS) connection that carries one request at a time.
 *
 * Authentication is bound to the socket, so a caller that keeps a security context looks at `socket` before it
 * seals: another number means another socket, and the context is void.
 */
export interface HttpConnection {
  /** Opens the socket where none is open; the number identifies the socket, and grows with each new one. */
  open(signal: AbortSignal): Promise<Result<number>>;
  /** The open socket's number; undefined while none is open. */
  readonly socket: number | undefined;
  /** The server's certificate (DER) on the open socket, to bind a logon to it; undefined without TLS. */
  readonly peerCertificate: Uint8Array | undefined;
  /**
   * Sends on the open socket (never silently on a new one) and reads the whole answer.
   *
   * Failures: `net.*` for the connection (details `sent: boolean` tells whether any request byte left),
   * `http.*` for an answer that is not HTTP or too large, `net.aborted`.
   */
  exchange(request: HttpRequest, signal: AbortSignal): Promise<Result<HttpResponse>>;
  close(): void;
}

export interface HttpConnector {
  connect(endpoint: HttpEndpoint): HttpConnection;
}
