import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Target } from '../../core/target.ts';
import { formatInstant } from '../../core/time.ts';
import type { Instant } from '../../core/time.ts';
import type { HttpResponse } from '../../ports/http-connection.ts';
import { findAuth, parseAuth } from '../../wire/sealing/authorization.ts';
import type { AuthHeader } from '../../wire/sealing/authorization.ts';
import { parseHttpDate } from './http-date.ts';

/** How the logon was tried, as `auth.denied` names it. */
export type LogonMethod = 'NTLM' | 'Kerberos' | 'Basic' | 'certificate';

export interface DeniedLogon {
  readonly target: Target;
  readonly method: LogonMethod;
  readonly response: HttpResponse;
  readonly now: Instant;
  /** Why Kerberos was not used, where it would have been preferred. */
  readonly withoutKerberos?: Failure | undefined;
}

/** Kerberos tolerates five minutes; a host's clock is known from its answer to the second. */
const toleratedSkewMs = 300_000;

/** What a 401 to credentials means: clocks apart, a method that is switched off, or a refusal. */
export function denied({ target, method, response, now, withoutKerberos }: DeniedLogon): Failure {
  const { host, user, scheme } = target;
  const there = parseHttpDate(response.headers['date']?.[0] ?? '');
  if (method === 'Kerberos' && there !== undefined && Math.abs(there - now) > toleratedSkewMs)
    return failure('auth.kerberos-clock-skew', {
      host,
      here: formatInstant(now),
      there: formatInstant(there),
    });
  const offered = parseAuth(response.headers['www-authenticate'] ?? []);
  if (method === 'Basic' && findAuth(offered, 'Basic') === undefined && offered.length > 0)
    return notOffered(target, method, offered);
  const kerberos: JsonObject = withoutKerberos === undefined ? {} : { kerberos: withoutKerberos.message };
  return failure('auth.denied', { host, user, method, scheme, ...kerberos }, withoutKerberos);
}

/** The server does not speak the method that the target asks for. */
export function notOffered({ host }: Target, wanted: string, offered: readonly AuthHeader[]): Failure {
  const names = offered.map(({ scheme }) => scheme).join(', ');
  return failure('auth.not-offered', { host, wanted, offered: names === '' ? 'nothing' : names });
}
