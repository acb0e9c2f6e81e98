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
import type { NtlmScheme } from '../../wire/sealing/authorization.ts';
import type { Authenticator, AuthExchange, Credentialed } from './authenticator.ts';
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
  return {
    async authenticate(exchange) {
      const first = await shakeHands(options, 'Negotiate', exchange);
      if (first !== 'try NTLM') return first;
      const second = await shakeHands(options, 'NTLM', exchange);
      return second === 'try NTLM' ? err(failure('auth.not-offered', { host: options.target.host })) : second;
    },
  };
}

async function shakeHands(
  options: NtlmAuthOptions,
  scheme: NtlmScheme,
  exchange: AuthExchange,
): Promise<Result<Credentialed> | 'try NTLM'> {
  const { target } = options;
  const initiator = startNtlm(options);
  const asked = await exchange({ Authorization: formatAuth(scheme, initiator.negotiate()) }, nothing);
  if (!asked.ok) return asked;
  const challenge = readChallenge(target, scheme, asked.value);
  if (challenge === 'try NTLM' || !challenge.ok) return challenge;
  const proof = initiator.authenticate(challenge.value);
  if (!proof.ok) return proof;
  const { token, context } = proof.value;
  const headers = { Authorization: formatAuth(scheme, token) };
  // Inside TLS nothing is sealed a second time.
  const credentialed = target.scheme === 'https' ? { headers: {} } : { headers: {}, context };
  if (options.style === 'together') return ok({ ...credentialed, firstHeaders: headers });
  const answered = await exchange(headers, nothing);
  if (!answered.ok) return answered;
  return checkProven(target, answered.value) ?? ok(credentialed);
}

function startNtlm({ target, entropy, now }: NtlmAuthOptions): NtlmInitiator {
  return new NtlmInitiator({
    ...splitAccount(target.user),
    password: target.password,
    // IP addresses have no service principal, and Windows accepts the name only as the host knows itself.
    random: (count) => entropy.bytes(count),
    now: now(),
  });
}

function readChallenge(
  target: Target,
  scheme: NtlmScheme,
  response: HttpResponse,
): Result<Uint8Array> | 'try NTLM' {
  if (response.status !== 401) return err(unexpectedStatus(target, response.status, 'authentication'));
  const offered = parseAuth(response.headers['www-authenticate'] ?? []);
  const token = findAuth(offered, scheme)?.token;
  if (token !== undefined) return ok(token);
  if (scheme === 'Negotiate' && findAuth(offered, 'NTLM') !== undefined) return 'try NTLM';
  const names = offered.map((header) => header.scheme).join(', ');
  return err(
    failure('auth.not-offered', {
      host: target.host,
      wanted: `NTLM under ${scheme}`,
      offered: names === '' ? 'nothing' : names,
    }),
  );
}

/** A failure where the server turned the proof away; nothing where it took it. */
function checkProven(target: Target, response: HttpResponse): Result<never> | undefined {
  if (response.status === 401) return err(failure('auth.denied', { host: target.host, user: target.user }));
  // An empty body is no envelope: 200, or a fault about it, both come from behind the logon.
  if (response.status === 200 || response.status === 500) return undefined;
  return err(unexpectedStatus(target, response.status, 'authentication'));
}
