import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { Authenticator } from './authenticator.ts';
import { channelBinding } from './channel-binding.ts';
import { conclude } from './conclude.ts';
import { shakeHands } from './handshake.ts';
import { KerberosMechanism, haveKerberos } from './kerberos-mechanism.ts';
import { namesRealm, serviceName } from './kerberos-name.ts';
import type { MechanismClient } from './mechanism.ts';
import { NegotiateHandshake } from './negotiate-handshake.ts';
import { ntlmMechanism } from './ntlm-mechanism.ts';
import type { AuthOptions } from './ntlm.ts';

/**
 * Kerberos where it works, else NTLM, as the server and this machine allow.
 *
 * Why Kerberos was not used is kept, and said where the logon is denied.
 */
export function negotiateAuthenticator(options: AuthOptions): Authenticator {
  const { target, style, now } = options;
  return {
    async authenticate({ exchange, ...channel }) {
      const binding = channelBinding(channel);
      if (!binding.ok) return binding;
      const ntlm = ntlmMechanism(target, options, binding.value);
      const unfit = whyNotKerberos(options);
      const mechanisms: MechanismClient[] = unfit === undefined ? [kerberos(options, binding.value)] : [];
      // Without a password there is nothing that NTLM could prove.
      if (!target.password.isEmpty || mechanisms.length === 0) mechanisms.push(ntlm);
      const handshake = new NegotiateHandshake(target, mechanisms);
      const outcome = await shakeHands(handshake, { target, exchange, keepsLast: style === 'together' });
      if (!outcome.ok) return outcome;
      const label = handshake.mechanism?.label ?? 'NTLM';
      const [skipped] = handshake.skipped;
      const withoutKerberos = label === 'Kerberos' ? undefined : (unfit ?? skipped?.failure);
      return conclude({ target, label, now, withoutKerberos }, outcome.value);
    },
  };
}

function kerberos(options: AuthOptions, channelBinding: Uint8Array | undefined): KerberosMechanism {
  return new KerberosMechanism({
    ...{ target: options.target, services: options },
    ...{ scheme: 'Negotiate', channelBinding },
  });
}

/** What is known before any KDC is asked; undefined where Kerberos is worth a try. */
function whyNotKerberos({ target, kerberos }: AuthOptions): Failure | undefined {
  const service = serviceName(target);
  if (!service.ok) return service.error;
  const library = haveKerberos(kerberos);
  if (!library.ok) return library.error;
  if (target.password.isEmpty || namesRealm(target.user)) return undefined;
  // A KDC of some default realm would be asked for an account that may well be a local one.
  return failure('auth.kerberos-no-realm', { principal: target.user, reason: 'the user names none' });
}
