import { unwrap } from '../../core/result.ts';
import type { Account } from '../../wire/ntlm/account.ts';
import type { AcceptorOptions } from '../../wire/ntlm/acceptor.ts';
import type { ServerAuthOptions } from '../../wire/sealing/server-auth.ts';
import { serverEndPoint } from '../../wire/tls/server-end-point.ts';

/** What is different about logons where a host's listener speaks TLS. */
export interface HttpsLogon {
  /** The listener's certificate (DER), to which logons are bound. */
  readonly certificate: Uint8Array;
  /** WinRM's CbtHardeningLevel; stock Windows is `relaxed`, which checks a binding where a client proves one. */
  readonly hardening?: 'none' | 'relaxed' | 'strict';
  /** Whether a password is an account's; Basic is offered where this is given. */
  readonly isPassword?: (account: Account, password: string) => boolean;
  /** The local account that a client's certificate (DER) is mapped to; undefined for one that is not. */
  readonly mapCertificate?: (certificate: Uint8Array) => Account | undefined;
}

/** How NTLM is bound to the listener's certificate. */
export function bindingOf(
  https: HttpsLogon | undefined,
): Pick<AcceptorOptions, 'channelBinding' | 'requiresBinding'> {
  const { certificate, hardening = 'relaxed' } = https ?? {};
  if (certificate === undefined || hardening === 'none') return {};
  return { channelBinding: unwrap(serverEndPoint(certificate)), requiresBinding: hardening === 'strict' };
}

type InsideTls = Pick<ServerAuthOptions, 'allowsUnsealed' | 'schemes' | 'isPassword' | 'certificateAccount'>;

/** What else proves an account inside TLS, where nothing has to be sealed. */
export function insideTls(
  { isPassword, mapCertificate }: HttpsLogon,
  clientCertificate: () => Uint8Array | undefined,
): InsideTls {
  return {
    allowsUnsealed: true,
    ...(isPassword === undefined ? {} : { schemes: ['Negotiate', 'Basic'], isPassword }),
    certificateAccount: () => {
      const shown = clientCertificate();
      return shown === undefined ? undefined : mapCertificate?.(shown);
    },
  };
}
