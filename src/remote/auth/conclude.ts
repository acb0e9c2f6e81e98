import type { Failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Target } from '../../core/target.ts';
import type { Instant } from '../../core/time.ts';
import { findAuth } from '../../wire/sealing/authorization.ts';
import type { Credentialed } from './authenticator.ts';
import { denied, notOffered } from './denial.ts';
import type { HandshakeOutcome, TurnedAway } from './handshake.ts';
import type { Established, MechanismClient } from './mechanism.ts';

export interface Conclusion {
  readonly target: Target;
  /** What carried the logon at its end. */
  readonly label: MechanismClient['label'];
  readonly now: () => Instant;
  /** Why Kerberos was not used, where it would have been preferred. */
  readonly withoutKerberos?: Failure | undefined;
}

/** What a handshake leaves behind: the connection's credentials, or the failure that tells why there are none. */
export function conclude(conclusion: Conclusion, outcome: HandshakeOutcome): Result<Credentialed> {
  switch (outcome.kind) {
    case 'established':
      return ok(credentialed(conclusion, outcome.established));
    case 'one-token-left':
      return ok({ ...credentialed(conclusion, outcome.established), firstHeaders: outcome.headers });
    case 'turned-away':
      return err(turnedAway(conclusion, outcome));
  }
}

/** Sealed over http; inside TLS nothing is sealed a second time. */
function credentialed(conclusion: Conclusion, { context, renewAt }: Established): Credentialed {
  const { target, label: method, now } = conclusion;
  return {
    headers: {},
    denial: (response) => denied({ ...conclusion, target, method, response, now: now() }),
    ...(target.scheme === 'http' && { context }),
    ...(renewAt !== undefined && { renewAt }),
  };
}

function turnedAway(conclusion: Conclusion, { response, offered, isFirst }: TurnedAway): Failure {
  const { target, label: method, now } = conclusion;
  // NTLM proves nothing with its first token, so that is no refusal; a ticket is a whole logon.
  const isSpoken = method === 'Kerberos' && offersKerberos(offered);
  if (isFirst && !isSpoken) return notOffered(target, method, offered);
  return denied({ ...conclusion, method, response, now: now() });
}

function offersKerberos(offered: TurnedAway['offered']): boolean {
  return findAuth(offered, 'Kerberos') !== undefined || findAuth(offered, 'Negotiate') !== undefined;
}
