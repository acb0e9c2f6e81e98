import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import { certificateScheme } from '../../wire/sealing/authorization.ts';
import type { Authenticator } from './authenticator.ts';
import { denied } from './denial.ts';
import type { AuthOptions } from './ntlm.ts';

/**
 * Authentication by the client's certificate, which TLS presents; the header says that it counts.
 *
 * @see MS-WSMV §2.2.9.1 and DSP0226 §C.3 https://www.dmtf.org/sites/default/files/standards/documents/DSP0226_1.2.0.pdf
 */
export function certificateAuthenticator({ target, now }: AuthOptions): Authenticator {
  return {
    authenticate: () => {
      const { scheme, host, tls } = target;
      if (scheme !== 'https') return Promise.resolve(err(failure('auth.certificate-over-http', { host })));
      if (tls?.clientCertificate === undefined)
        return Promise.resolve(err(failure('auth.no-client-certificate', { host })));
      return Promise.resolve(
        ok({
          headers: { Authorization: certificateScheme },
          denial: (response) => denied({ target, method: 'certificate', response, now: now() }),
        }),
      );
    },
  };
}
