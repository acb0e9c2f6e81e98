import type { Failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import type { Instant } from '../../core/time.ts';
import type { HttpResponse } from '../../ports/http-connection.ts';
import type { SecurityContext } from '../../wire/security-context.ts';

/** One POST on the connection that is being authenticated, always on the same socket. */
export interface AuthExchange {
  (headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<Result<HttpResponse>>;
}

/** The socket that a logon happens on. */
export interface AuthChannel {
  readonly exchange: AuthExchange;
  /** The server's certificate (DER), to bind the logon to; undefined without TLS. */
  readonly peerCertificate: Uint8Array | undefined;
}

/** How the requests of an authenticated connection look. */
export interface Credentialed {
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Present where messages must be sealed. */
  readonly context?: SecurityContext;
  /** Credentials that go with the first request only, where the handshake ends together with it. */
  readonly firstHeaders?: Readonly<Record<string, string>>;
  /** When to log on anew, since a ticket is about to expire; never where it is left out. */
  readonly renewAt?: Instant;
  /** What a 401 to the first envelope means. */
  readonly denial: (response: HttpResponse) => Failure;
}

/** Proves who we are on a fresh socket. */
export interface Authenticator {
  /** Failures: `auth.*`, `http.*`, `tls.malformed-certificate`, and those of the exchange. */
  authenticate(channel: AuthChannel): Promise<Result<Credentialed>>;
}
