import type { Result } from '../../core/result.ts';
import type { Target } from '../../core/target.ts';
import { findAuth } from '../../wire/sealing/authorization.ts';
import type { AuthServices } from '../auth-services.ts';
import type { Authenticator } from './authenticator.ts';
import { channelBinding } from './channel-binding.ts';
import { conclude } from './conclude.ts';
import { shakeHands } from './handshake.ts';
import type { HandshakeOutcome } from './handshake.ts';
import { ntlmMechanism } from './ntlm-mechanism.ts';
import { RawHandshake } from './raw-handshake.ts';

/**
 * When the AUTHENTICATE message travels:
 *
 * - `apart`: with an empty body, then the first sealed body. 2 round trips a connection, and what every server takes:
 *   it is what pywinrm and pypsrp do against Windows, and what OMI needs.
 * - `together`: with the first sealed body. 1 round trip; reported for Windows, not proven on all its versions.
 */
export type HandshakeStyle = 'apart' | 'together';

export interface AuthOptions extends AuthServices {
  readonly target: Target;
  readonly style: HandshakeStyle;
}

/** NTLMv2 under the scheme Negotiate, or under NTLM where only that is offered. Begins without an empty-handed try. */
export function ntlmAuthenticator(options: AuthOptions): Authenticator {
  const { target, style, now } = options;
  return {
    async authenticate({ exchange, ...channel }) {
      const binding = channelBinding(channel);
      if (!binding.ok) return binding;
      const tryScheme = (scheme: 'Negotiate' | 'NTLM'): Promise<Result<HandshakeOutcome>> => {
        const mechanism = ntlmMechanism(target, options, binding.value);
        const handshake = new RawHandshake(scheme, target, mechanism);
        return shakeHands(handshake, { target, exchange, keepsLast: style === 'together' });
      };
      const first = await tryScheme('Negotiate');
      if (!first.ok) return first;
      const outcome = isOnlyNtlm(first.value) ? await tryScheme('NTLM') : first;
      return outcome.ok ? conclude({ target, label: 'NTLM', now }, outcome.value) : outcome;
    },
  };
}

function isOnlyNtlm(outcome: HandshakeOutcome): boolean {
  return outcome.kind === 'turned-away' && outcome.isFirst && findAuth(outcome.offered, 'NTLM') !== undefined;
}
