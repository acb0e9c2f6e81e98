import { ok } from '../../../src/core/result.ts';
import type { Result } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Target } from '../../../src/core/target.ts';
import { instant } from '../../../src/core/time.ts';
import type { Instant } from '../../../src/core/time.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import type { Kerberos } from '../../../src/ports/kerberos.ts';
import type { Credentialed } from '../../../src/remote/auth/authenticator.ts';
import { chooseAuthenticator } from '../../../src/remote/auth/choose.ts';
import type { HandshakeStyle } from '../../../src/remote/auth/ntlm.ts';
import { NtlmAcceptor } from '../../../src/wire/ntlm/acceptor.ts';
import type { AcceptorOptions } from '../../../src/wire/ntlm/acceptor.ts';
import { parseAuth } from '../../../src/wire/sealing/authorization.ts';
import { ServerAuth } from '../../../src/wire/sealing/server-auth.ts';
import type { ServerAuthOptions } from '../../../src/wire/sealing/server-auth.ts';
import { loopbackTarget } from '../../support/target.ts';

export const now: Instant = instant(Date.UTC(2026, 10, 24, 21));
export const nothing = new Uint8Array(0);

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A host as the logon sees it: the Authorization header in, an answer out. */
export type AuthHost = (authorization: string) => HttpAnswer;

export interface LogonAttempt {
  readonly target?: Partial<Target>;
  readonly kerberos?: Kerberos;
  readonly style?: HandshakeStyle;
  readonly peerCertificate?: Uint8Array;
}

export interface Attempted {
  readonly result: Result<Credentialed>;
  /** What was sent, in order. */
  readonly sent: readonly string[];
}

/** One logon at a host, named so that Kerberos is possible. */
export async function logOn(host: AuthHost, attempt: LogonAttempt = {}): Promise<Attempted> {
  const { target, kerberos, style = 'apart', peerCertificate } = attempt;
  const sent: string[] = [];
  const authenticator = chooseAuthenticator({
    target: loopbackTarget(5985, {
      ...{ auth: 'negotiate', address: 'web-01.corp.example', user: 'ops@CORP.EXAMPLE' },
      ...target,
    }),
    entropy: systemEntropy,
    now: () => now,
    style,
    ...(kerberos !== undefined && { kerberos }),
  });
  const result = await authenticator.authenticate({
    peerCertificate,
    exchange: (headers) => {
      sent.push(headers['Authorization'] ?? '');
      const { status, headers: answered } = host(headers['Authorization'] ?? '');
      const lower = Object.entries(answered).map(([name, value]) => [name.toLowerCase(), [value]]);
      return Promise.resolve(ok({ status, headers: Object.fromEntries(lower), body: nothing }));
    },
  });
  return { result, sent };
}

export const answer = (status: number, offer?: string, date?: string): HttpAnswer => ({
  status,
  headers: {
    ...(offer !== undefined && { 'WWW-Authenticate': offer }),
    ...(date !== undefined && { Date: date }),
  },
});

export const tokenOf = (authorization: string): Uint8Array => parseAuth([authorization])[0]?.token ?? nothing;

export const schemesOf = ({ sent }: Attempted): readonly (string | undefined)[] =>
  sent.map((value) => parseAuth([value])[0]?.scheme);

/** A host of ours, which knows NTLM and the account `ops`. */
export function ntlmHost(options: Partial<ServerAuthOptions & AcceptorOptions> = {}): AuthHost {
  const server = new ServerAuth({
    acceptor: () =>
      new NtlmAcceptor({
        ...{ targetName: 'CORP', computerName: 'WEB-01', now },
        random: (count) => systemEntropy.bytes(count),
        lookup: (user) => (user.startsWith('ops') ? new Secret('Pä$$wörd') : undefined),
        ...options,
      }),
    ...options,
  });
  return (authorization) => {
    const step = server.receive({ headers: { authorization: [authorization] }, body: nothing });
    if (step.kind === 'envelope') throw new Error('an envelope, where a token was due');
    return step.answer;
  };
}

/** A host that gives prepared answers, then 401 without end. */
export function scriptedHost(...answers: readonly HttpAnswer[]): AuthHost {
  let next = 0;
  return () => answers[next++] ?? answer(401, 'Negotiate');
}
