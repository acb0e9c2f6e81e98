import type { Authenticator } from './authenticator.ts';
import { basicAuthenticator } from './basic.ts';
import { certificateAuthenticator } from './certificate.ts';
import { kerberosAuthenticator } from './kerberos.ts';
import { negotiateAuthenticator } from './negotiate.ts';
import { ntlmAuthenticator } from './ntlm.ts';
import type { AuthOptions } from './ntlm.ts';

/** The authenticator that the target asks for. */
export function chooseAuthenticator(options: AuthOptions): Authenticator {
  switch (options.target.auth) {
    case 'ntlm':
      return ntlmAuthenticator(options);
    case 'negotiate':
      return negotiateAuthenticator(options);
    case 'kerberos':
      return kerberosAuthenticator(options);
    case 'basic':
      return basicAuthenticator(options);
    case 'certificate':
      return certificateAuthenticator(options);
  }
}
