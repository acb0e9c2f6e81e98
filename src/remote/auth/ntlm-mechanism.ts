import { ok } from '../../core/result.ts';
import type { Target } from '../../core/target.ts';
import { splitAccount } from '../../wire/ntlm/account.ts';
import { NtlmInitiator } from '../../wire/ntlm/initiator.ts';
import { Mechanism } from '../../wire/spnego/mechanisms.ts';
import type { AuthServices } from '../auth-services.ts';
import type { MechanismClient } from './mechanism.ts';

/** @param channelBinding - Application data that binds the logon to its TLS connection. */
export function ntlmMechanism(
  target: Target,
  { entropy, now }: AuthServices,
  channelBinding: Uint8Array | undefined,
): MechanismClient {
  const initiator = new NtlmInitiator({
    ...splitAccount(target.user),
    password: target.password,
    // No service name: Windows demands none, and a wrong one (address, alias) would be refused where it is checked.
    ...(channelBinding !== undefined && { channelBinding }),
    random: (count) => entropy.bytes(count),
    now: now(),
  });
  return {
    label: 'NTLM',
    names: [Mechanism.ntlm],
    step: (challenge) => {
      if (challenge === undefined)
        return Promise.resolve(ok({ token: initiator.negotiate(), established: undefined }));
      const proof = initiator.authenticate(challenge);
      if (!proof.ok) return Promise.resolve(proof);
      const { token, context } = proof.value;
      return Promise.resolve(ok({ token, established: { context, renewAt: undefined } }));
    },
  };
}
