import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Target } from '../../core/target.ts';
import type { HttpResponse } from '../../ports/http-connection.ts';
import { findAuth, formatAuth, parseAuth } from '../../wire/sealing/authorization.ts';
import type { AuthHeader } from '../../wire/sealing/authorization.ts';
import type { AuthExchange } from './authenticator.ts';
import type { Established } from './mechanism.ts';
import { isPage, unexpectedLogonStatus } from './status.ts';

/** HTTP schemes whose credentials are tokens of a handshake. */
export type TokenScheme = 'Negotiate' | 'NTLM' | 'Kerberos';

/** The tokens of one logon under one scheme: `start`, then `receive` for each answer. */
export interface Handshake {
  readonly scheme: TokenScheme;
  start(): Promise<Result<Uint8Array>>;
  /** The next token; undefined where there is nothing more to say. */
  receive(token: Uint8Array): Promise<Result<Uint8Array | undefined>>;
  /** Present where the token that comes next is the last, and the sealing is there before the server has answered it. */
  readonly early: Established | undefined;
  /** The server is satisfied: are we? Failures `auth.server-not-proven`, `auth.negotiation`. */
  finish(): Result<Established>;
}

export type HandshakeOutcome =
  | { readonly kind: 'established'; readonly established: Established }
  /** The last token was not sent yet; it may go together with the first envelope. */
  | {
      readonly kind: 'one-token-left';
      readonly established: Established;
      readonly headers: Readonly<Record<string, string>>;
    }
  | TurnedAway;

/** A 401 without a token that would go on. */
export interface TurnedAway {
  readonly kind: 'turned-away';
  readonly response: HttpResponse;
  readonly offered: readonly AuthHeader[];
  /** Whether it came to the first token already. */
  readonly isFirst: boolean;
}

export interface HandshakeOptions {
  readonly target: Target;
  readonly exchange: AuthExchange;
  /** Whether the last token is kept for the first envelope where that is possible. */
  readonly keepsLast?: boolean;
}

/** NTLM takes two, Kerberos one; a negotiation that changes its mind two more. */
const mostLegs = 6;
const nothing = new Uint8Array(0);

/** Carries a handshake over HTTP until one side ends it. Failures: `auth.*`, `http.status`, `http.not-winrm`, and those of the exchange. */
export async function shakeHands(
  handshake: Handshake,
  { target, exchange, keepsLast = false }: HandshakeOptions,
): Promise<Result<HandshakeOutcome>> {
  const { scheme } = handshake;
  const first = await handshake.start();
  if (!first.ok) return first;
  let token = first.value;
  for (let leg = 1; leg <= mostLegs; leg++) {
    const headers = { Authorization: formatAuth(scheme, token) };
    const { early } = handshake;
    if (keepsLast && early !== undefined) return ok({ kind: 'one-token-left', established: early, headers });
    const answered = await exchange(headers, nothing);
    if (!answered.ok) return answered;
    const { status } = answered.value;
    if (leg === 1 && isPage(answered.value)) return err(unexpectedLogonStatus(target, status));
    // An empty body is no envelope: 200, or a fault about it, both come from behind the logon.
    if (status !== 401 && status !== 200 && status !== 500) return err(unexpectedLogonStatus(target, status));
    const offered = parseAuth(answered.value.headers['www-authenticate'] ?? []);
    const away = { kind: 'turned-away', response: answered.value, offered, isFirst: leg === 1 } as const;
    const answer = findAuth(offered, scheme)?.token ?? nothing;
    if (answer.length === 0) return status === 401 ? ok(away) : finish(handshake);
    const next = await handshake.receive(answer);
    if (!next.ok) return next;
    if (next.value === undefined) return status === 401 ? ok(away) : finish(handshake);
    token = next.value;
  }
  return err(
    failure('auth.negotiation', { host: target.host, reason: `no end after ${String(mostLegs)} tokens` }),
  );
}

function finish(handshake: Handshake): Result<HandshakeOutcome> {
  const established = handshake.finish();
  return established.ok ? ok({ kind: 'established', established: established.value }) : established;
}
