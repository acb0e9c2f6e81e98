import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import { formatAuth } from '../../wire/sealing/authorization.ts';
import type { Authenticator } from './authenticator.ts';
import { denied } from './denial.ts';
import type { AuthOptions } from './ntlm.ts';

/** Basic authentication, sent with every request: inside TLS, or where the caller said that he wants it in clear. @see RFC 7617 */
export function basicAuthenticator({ target, now }: AuthOptions): Authenticator {
  return {
    authenticate: () => {
      const { scheme, host, user, password, allowsBasicOverHttp = false } = target;
      if (scheme !== 'https' && !allowsBasicOverHttp)
        return Promise.resolve(err(failure('auth.basic-over-http', { host, user })));
      const credentials = new TextEncoder().encode(`${user}:${password.reveal()}`);
      return Promise.resolve(
        ok({
          headers: { Authorization: formatAuth('Basic', credentials) },
          denial: (response) => denied({ target, method: 'Basic', response, now: now() }),
        }),
      );
    },
  };
}
