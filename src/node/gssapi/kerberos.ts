import type { Result } from '../../core/result.ts';
import type { Kerberos } from '../../ports/kerberos.ts';
import { CredentialStore } from './credentials.ts';
import { GssInitiator } from './initiator.ts';
import { loadGssapi } from './library.ts';
import type { Gssapi } from './library.ts';
import { WaitingCalls } from './waiting-calls.ts';

/**
 * Kerberos by MIT's GSSAPI of this machine, through the optional npm package koffi.
 *
 * Nothing is loaded before the first logon. Tickets that a password got are kept in memory of this process only, and
 * shared by all its logons; KRB5_CONFIG and KRB5CCNAME count as everywhere.
 */
export function createSystemKerberos(): Kerberos {
  const waiting = new WaitingCalls();
  let loading: Promise<Result<Gssapi>> | undefined;
  let credentials: CredentialStore | undefined;
  return {
    initiate: async (logon) => {
      loading ??= loadGssapi();
      const gssapi = await loading;
      if (!gssapi.ok) return gssapi;
      credentials ??= new CredentialStore(gssapi.value, waiting);
      const credential = await credentials.get(logon);
      if (!credential.ok) return credential;
      return GssInitiator.begin({ gssapi: gssapi.value, waiting, credential: credential.value, logon });
    },
  };
}
