import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Target } from '../../core/target.ts';
import type { Instant } from '../../core/time.ts';
import type { Entropy } from '../../ports/entropy.ts';
import type { HttpResponse } from '../../ports/http-connection.ts';
import { splitAccount } from '../../wire/ntlm/account.ts';
import { NtlmInitiator } from '../../wire/ntlm/initiator.ts';
import { findAuth, formatAuth, parseAuth } from '../../wire/sealing/authorization.ts';
import type { AuthHeader, NtlmScheme } from '../../wire/sealing/authorization.ts';
import type { Authenticator, AuthExchange } from './authenticator.ts';
import { unexpectedStatus } from './status.ts';

/**
 * When the AUTHENTICATE message travels:
 *
 * - `apart`: with an empty body, then the first sealed body. 2 round trips a connection, and what every server takes:
 *   it is what pywinrm and pypsrp do against Windows, and what OMI needs.
 * - `together`: with the first sealed body. 1 round trip; reported for Windows, not proven on all its versions.
 */
export type HandshakeStyle = 'apart' | 'together';

export interface NtlmAuthOptions {
  readonly target: Target;
  readonly entropy: Entropy;
  readonly now: () => Instant;
  readonly style: HandshakeStyle;
}

const nothing = new Uint8Array(0);

/** NTLMv2 under the scheme Negotiate, or under NTLM where only that is offered. Begins without an empty-handed try. */
export function ntlmAuthenticator(options: NtlmAuthOptions): Authenticator {
  const { target, style } = options;
  return {
    async authenticate(exchange) {
      const initiator = startNtlm(options);
      const challenge = await askChallenge(target, initiator.negotiate(), exchange);
      if (!challenge.ok) return challenge;
      const proof = initiator.authenticate(challenge.value.token);
      if (!proof.ok) return proof;
      const headers = { Authorization: formatAuth(challenge.value.scheme, proof.value.token) };
      // Inside TLS nothing is sealed a second time.
      const { context } = proof.value;
      const credentialed = target.scheme === 'https' ? { headers: {} } : { headers: {}, context };
      if (style === 'together') return ok({ ...credentialed, firstHeaders: headers });
      const answered = await exchange(headers, nothing);
      if (!answered.ok) return answered;
      return checkProven(target, answered.value) ?? ok(credentialed);
    },
  };
}

interface Challenge {
  readonly scheme: NtlmScheme;
  readonly token: Uint8Array;
}

async function askChallenge(
  target: Target,
  negotiate: Uint8Array,
  exchange: AuthExchange,
): Promise<Result<Challenge>> {
  let offered: readonly AuthHeader[] = [];
  for (const scheme of ['Negotiate', 'NTLM'] as const) {
    const asked = await exchange({ Authorization: formatAuth(scheme, negotiate) }, nothing);
    if (!asked.ok) return asked;
    const { status, headers } = asked.value;
    if (status !== 401) return err(unexpectedStatus(target, status, 'authentication'));
    offered = parseAuth(headers['www-authenticate'] ?? []);
    const token = findAuth(offered, scheme)?.token;
    if (token !== undefined) return ok({ scheme, token });
    if (findAuth(offered, 'NTLM') === undefined) break;
  }
  const names = offered.map(({ scheme }) => scheme).join(', ');
  const details = { host: target.host, wanted: 'NTLM', offered: names === '' ? 'nothing' : names };
  return err(failure('auth.not-offered', details));
}

function startNtlm({ target, entropy, now }: NtlmAuthOptions): NtlmInitiator {
  return new NtlmInitiator({
    ...splitAccount(target.user),
    password: target.password,
    // No service name: Windows demands none, and a wrong one (address, alias) would be refused where it is checked.
    random: (count) => entropy.bytes(count),
    now: now(),
  });
}

/** A failure where the server turned the proof away; nothing where it took it. */
function checkProven(target: Target, response: HttpResponse): Result<never> | undefined {
  if (response.status === 401) return err(failure('auth.denied', { host: target.host, user: target.user }));
  // An empty body is no envelope: 200, or a fault about it, both come from behind the logon.
  if (response.status === 200 || response.status === 500) return undefined;
  return err(unexpectedStatus(target, response.status, 'authentication'));
}
