import type { Result } from '../../core/result.ts';
import type { HttpResponse } from '../../ports/http-connection.ts';
import type { SecurityContext } from '../../wire/security-context.ts';

/** One POST on the connection that is being authenticated, always on the same socket. */
export interface AuthExchange {
  (headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<Result<HttpResponse>>;
}

/** How the requests of an authenticated connection look. */
export interface Credentialed {
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Present where messages must be sealed. */
  readonly context?: SecurityContext;
  /** Credentials that go with the first request only, where the handshake ends together with it. */
  readonly firstHeaders?: Readonly<Record<string, string>>;
}

/** Proves who we are on a fresh socket. */
export interface Authenticator {
  /** Failures: `auth.*`, `http.*`, and those of the exchange. */
  authenticate(exchange: AuthExchange): Promise<Result<Credentialed>>;
}
