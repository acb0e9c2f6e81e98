import type { Result } from '../core/result.ts';

/** One request as a server sees it; `connection` identifies the socket it came on. */
export interface ServedRequest {
  readonly connection: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Uint8Array;
  /** Aborts when the peer goes away before it was answered. */
  readonly signal: AbortSignal;
}

export interface ServedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Close the socket after this answer. */
  readonly close?: boolean;
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
  /** Resets every open connection; the port stays open. */
  dropConnections(): void;
  /** Stops listening, so that new connections are refused; `resume` opens the same port again. */
  suspend(): Promise<void>;
  resume(): Promise<Result<void>>;
  close(): Promise<void>;
}

export interface HttpListener {
  /** Listens on loopback; port 0 takes a free one. */
  listen(address: string, port: number, handler: HttpHandler): Promise<Result<HttpServer>>;
}
