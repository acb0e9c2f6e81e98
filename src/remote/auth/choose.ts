import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Authenticator } from './authenticator.ts';
import { basicAuthenticator } from './basic.ts';
import { ntlmAuthenticator } from './ntlm.ts';
import type { NtlmAuthOptions } from './ntlm.ts';

/** The authenticator that the target asks for. Failure `auth.method-not-supported`. */
export function chooseAuthenticator(options: NtlmAuthOptions): Result<Authenticator> {
  const { auth, host } = options.target;
  switch (auth) {
    case 'ntlm':
    case 'negotiate':
      return ok(ntlmAuthenticator(options));
    case 'basic':
      return ok(basicAuthenticator(options.target));
    case 'kerberos':
    case 'certificate':
      return err(failure('auth.method-not-supported', { method: auth, host }));
    default:
      auth satisfies never;
      return err(failure('auth.method-not-supported', { host }));
  }
}
