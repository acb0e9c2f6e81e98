import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { NtlmAcceptor } from '../ntlm/acceptor.ts';
import type { SecurityContext } from '../security-context.ts';
import { findAuth, formatAuth, parseAuth } from './authorization.ts';
import type { NtlmScheme } from './authorization.ts';
import {
  decodeSealed,
  encodeSealed,
  isSealedContentType,
  sealedContentType,
  soapContentType,
} from './multipart-encrypted.ts';

/** An HTTP answer, as ports/http-listener.ts wants it. */
export interface AuthAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A request's headers (names in lower case) and body. */
export interface AuthRequest {
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Uint8Array;
}

export type ServerAuthStep =
  /** To be sent as it is; `failure` says why a client was turned away, for the server's log. */
  | { readonly kind: 'answer'; readonly answer: AuthAnswer; readonly failure?: Failure }
  /** A SOAP message of an authenticated user; `reply` seals the answer, exactly once and in order. */
  | {
      readonly kind: 'envelope';
      readonly user: string;
      readonly domain: string;
      readonly isSealed: boolean;
      readonly envelope: Uint8Array;
      readonly reply: (status: number, envelope: Uint8Array) => AuthAnswer;
    };

export interface ServerAuthOptions {
  /** A new acceptor for each handshake. */
  readonly acceptor: () => NtlmAcceptor;
  /** What a 401 offers; stock Windows offers `Negotiate`. */
  readonly schemes?: readonly NtlmScheme[];
  /** WinRM's AllowUnencrypted, or a connection inside TLS. Default false, as on stock Windows. */
  readonly allowsUnsealed?: boolean;
}

interface LoggedOn {
  readonly user: string;
  readonly domain: string;
  readonly context: SecurityContext;
}

/**
 * The server's side of authentication and sealing on one HTTP connection: one instance a socket.
 *
 * AUTHENTICATE may come with an empty body (answered by an empty 200) or together with the first sealed body.
 */
export class ServerAuth {
  readonly #options: ServerAuthOptions;
  #pending: NtlmAcceptor | undefined;
  #loggedOn: LoggedOn | undefined;

  constructor(options: ServerAuthOptions) {
    this.#options = options;
  }

  receive(request: AuthRequest): ServerAuthStep {
    const credentials = parseAuth(request.headers['authorization'] ?? []);
    for (const scheme of this.#schemes()) {
      const token = findAuth(credentials, scheme)?.token;
      if (token !== undefined) return this.#authenticate(scheme, token, request);
    }
    return this.#loggedOn === undefined ? this.#unauthorized() : this.#open(this.#loggedOn, request);
  }

  #schemes(): readonly NtlmScheme[] {
    return this.#options.schemes ?? ['Negotiate'];
  }

  #authenticate(scheme: NtlmScheme, token: Uint8Array, request: AuthRequest): ServerAuthStep {
    const acceptor = this.#pending;
    this.#loggedOn = undefined;
    this.#pending = undefined;
    if (acceptor === undefined) return this.#challenge(scheme, token);
    const accepted = acceptor.accept(token);
    if (!accepted.ok) return this.#unauthorized(accepted.error);
    this.#loggedOn = accepted.value;
    return request.body.length === 0 ? answer(200) : this.#open(accepted.value, request);
  }

  #challenge(scheme: NtlmScheme, token: Uint8Array): ServerAuthStep {
    const acceptor = this.#options.acceptor();
    const challenge = acceptor.challenge(token);
    if (!challenge.ok) return this.#unauthorized(challenge.error);
    this.#pending = acceptor;
    return answer(401, { 'WWW-Authenticate': formatAuth(scheme, challenge.value) });
  }

  #unauthorized(reason?: Failure): ServerAuthStep {
    return answer(401, { 'WWW-Authenticate': this.#schemes().join(', ') }, reason);
  }

  #open({ user, domain, context }: LoggedOn, request: AuthRequest): ServerAuthStep {
    const isSealed = isSealedContentType(request.headers['content-type']?.[0]);
    if (!isSealed && this.#options.allowsUnsealed !== true) return answer(500, {}, unsealed(user));
    const envelope = isSealed ? openSealed(context, request.body) : ok(request.body);
    // Windows answers 400 to a body that it cannot open; the context is lost with it.
    if (!envelope.ok) {
      this.#loggedOn = undefined;
      return answer(400, {}, envelope.error);
    }
    const reply = isSealed ? sealedReply(context) : plainReply;
    return { kind: 'envelope', user, domain, isSealed, envelope: envelope.value, reply };
  }
}

function openSealed(context: SecurityContext, body: Uint8Array): Result<Uint8Array> {
  const frame = decodeSealed(body);
  if (!frame.ok) return err(frame.error);
  return context.unseal(frame.value.header, frame.value.body);
}

function sealedReply(context: SecurityContext): (status: number, envelope: Uint8Array) => AuthAnswer {
  return (status, envelope) => {
    const sealed = context.seal(envelope);
    // Nothing leaves unsealed.
    if (!sealed.ok) return { status: 500, headers: {}, body: new Uint8Array(0) };
    const headers = { 'Content-Type': sealedContentType(context.protocol) };
    return { status, headers, body: encodeSealed(context.protocol, sealed.value, envelope.length) };
  };
}

function plainReply(status: number, envelope: Uint8Array): AuthAnswer {
  return { status, headers: { 'Content-Type': soapContentType }, body: envelope };
}

function unsealed(user: string): Failure {
  return failure('auth.malformed-sealing', { reason: `the request of ${user} is not sealed` });
}

function answer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  reason?: Failure,
): ServerAuthStep {
  const plain = { status, headers, body: new Uint8Array(0) };
  return reason === undefined
    ? { kind: 'answer', answer: plain }
    : { kind: 'answer', answer: plain, failure: reason };
}
