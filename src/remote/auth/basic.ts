import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Target } from '../../core/target.ts';
import { formatAuth } from '../../wire/sealing/authorization.ts';
import type { Authenticator } from './authenticator.ts';

/** Basic authentication, sent with every request and only inside TLS. @see RFC 7617 */
export function basicAuthenticator(target: Target): Authenticator {
  return {
    authenticate: () => {
      const { scheme, host, user, password } = target;
      if (scheme !== 'https') return Promise.resolve(err(failure('auth.basic-over-http', { host, user })));
      const credentials = new TextEncoder().encode(`${user}:${password.reveal()}`);
      return Promise.resolve(ok({ headers: { Authorization: formatAuth('Basic', credentials) } }));
    },
  };
}
