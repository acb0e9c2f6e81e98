import type { Result } from '../../core/result.ts';
import { findAuth } from '../../wire/sealing/authorization.ts';
import type { Authenticator } from './authenticator.ts';
import { channelBinding } from './channel-binding.ts';
import { conclude } from './conclude.ts';
import { shakeHands } from './handshake.ts';
import type { HandshakeOutcome } from './handshake.ts';
import { KerberosMechanism } from './kerberos-mechanism.ts';
import { NegotiateHandshake } from './negotiate-handshake.ts';
import type { AuthOptions } from './ntlm.ts';
import { RawHandshake } from './raw-handshake.ts';

/**
 * Kerberos and nothing else: under its own scheme, or as the only mechanism of a negotiation where the server has
 * switched that scheme off. Never NTLM.
 */
export function kerberosAuthenticator(options: AuthOptions): Authenticator {
  const { target, now } = options;
  return {
    async authenticate({ exchange, ...channel }) {
      const binding = channelBinding(channel);
      if (!binding.ok) return binding;
      // A ticket is proven once only: the server would take the same proof for a repetition.
      const tryScheme = (scheme: 'Kerberos' | 'Negotiate'): Promise<Result<HandshakeOutcome>> => {
        const common = { target, services: options, channelBinding: binding.value };
        const mechanism = new KerberosMechanism({ ...common, scheme });
        const handshake =
          scheme === 'Kerberos'
            ? new RawHandshake(scheme, target, mechanism)
            : new NegotiateHandshake(target, [mechanism]);
        return shakeHands(handshake, { target, exchange });
      };
      const first = await tryScheme('Kerberos');
      if (!first.ok) return first;
      const outcome = isOnlyNegotiate(first.value) ? await tryScheme('Negotiate') : first;
      return outcome.ok ? conclude({ target, label: 'Kerberos', now }, outcome.value) : outcome;
    },
  };
}

/** Where the server knows the scheme, the ticket was looked at, and another scheme would not make it better. */
function isOnlyNegotiate(outcome: HandshakeOutcome): boolean {
  if (outcome.kind !== 'turned-away' || !outcome.isFirst) return false;
  const { offered } = outcome;
  return findAuth(offered, 'Kerberos') === undefined && findAuth(offered, 'Negotiate') !== undefined;
}
