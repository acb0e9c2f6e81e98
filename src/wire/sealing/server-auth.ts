import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Account } from '../ntlm/account.ts';
import type { NtlmAcceptor } from '../ntlm/acceptor.ts';
import type { NtlmContext } from '../ntlm/ntlm-context.ts';
import { certificateScheme, findAuth, formatAuth, parseAuth } from './authorization.ts';
import type { NtlmScheme } from './authorization.ts';
import { readBasic } from './basic-credentials.ts';
import {
  decodeSealed,
  encodeSealed,
  isSealedContentType,
  sealedContentType,
  soapContentType,
} from './multipart-encrypted.ts';
import { TokenLogon } from './token-logon.ts';

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

/** HTTP schemes that a server offers by a 401. */
export type ServerScheme = NtlmScheme | 'Basic';

export interface ServerAuthOptions {
  /** A new acceptor for each handshake. */
  readonly acceptor: () => NtlmAcceptor;
  /** What a 401 offers; stock Windows offers `Negotiate` (and Kerberos, which this server cannot judge). */
  readonly schemes?: readonly ServerScheme[];
  /** WinRM's AllowUnencrypted, or a connection inside TLS. Default false, as on stock Windows. */
  readonly allowsUnsealed?: boolean;
  /** Whether a password is an account's, for Basic; an account that is not known has none. */
  readonly isPassword?: (account: Account, password: string) => boolean;
  /** The account that the client's certificate on this connection is mapped to; undefined without one. */
  readonly certificateAccount?: () => Account | undefined;
}

/** Who logged on; without a context nothing is sealed. */
interface LoggedOn extends Account {
  readonly context?: NtlmContext;
}

type Headers = Readonly<Record<string, string>>;

/**
 * The server's side of authentication and sealing on one HTTP connection: one instance a socket.
 *
 * The last token of a handshake may come with an empty body (answered by an empty 200) or together with the first
 * sealed body. Basic and certificates are looked at with each request.
 */
export class ServerAuth {
  readonly #options: ServerAuthOptions;
  #pending: TokenLogon | undefined;
  #loggedOn: LoggedOn | undefined;

  constructor(options: ServerAuthOptions) {
    this.#options = options;
  }

  receive(request: AuthRequest): ServerAuthStep {
    const values = request.headers['authorization'] ?? [];
    const credentials = parseAuth(values);
    for (const scheme of this.#schemes()) {
      const token = findAuth(credentials, scheme)?.token;
      if (token === undefined) continue;
      return scheme === 'Basic' ? this.#basic(token, request) : this.#authenticate(scheme, token, request);
    }
    if (values.includes(certificateScheme)) return this.#certificate(request);
    return this.#loggedOn === undefined ? this.#unauthorized() : this.#open(this.#loggedOn, request);
  }

  #schemes(): readonly ServerScheme[] {
    return this.#options.schemes ?? ['Negotiate'];
  }

  #authenticate(scheme: NtlmScheme, token: Uint8Array, request: AuthRequest): ServerAuthStep {
    const logon = this.#pending ?? new TokenLogon(this.#options.acceptor());
    this.#loggedOn = undefined;
    this.#pending = undefined;
    const answered = logon.receive(token);
    if (!answered.ok) return this.#unauthorized(answered.error);
    const { token: next, accepted } = answered.value;
    const headers: Headers = next === undefined ? {} : { 'WWW-Authenticate': formatAuth(scheme, next) };
    if (accepted === undefined) {
      this.#pending = logon;
      return answer(401, headers);
    }
    this.#loggedOn = accepted;
    return request.body.length === 0 ? answer(200, headers) : this.#open(accepted, request, headers);
  }

  #basic(token: Uint8Array, request: AuthRequest): ServerAuthStep {
    const credentials = readBasic(token);
    const { isPassword } = this.#options;
    return credentials !== undefined && isPassword?.(credentials, credentials.password) === true
      ? this.#open(credentials, request)
      : this.#unauthorized(failure('auth.denied', { user: credentials?.user ?? '', method: 'Basic' }));
  }

  #certificate(request: AuthRequest): ServerAuthStep {
    const account = this.#options.certificateAccount?.();
    return account === undefined
      ? this.#unauthorized(failure('auth.denied', { method: 'certificate' }))
      : this.#open(account, request);
  }

  #unauthorized(reason?: Failure): ServerAuthStep {
    const offers = this.#schemes().map((scheme) => (scheme === 'Basic' ? 'Basic realm="WSMAN"' : scheme));
    return answer(401, { 'WWW-Authenticate': offers.join(', ') }, reason);
  }

  #open({ user, domain, context }: LoggedOn, request: AuthRequest, headers: Headers = {}): ServerAuthStep {
    const isSealed = context !== undefined && isSealedContentType(request.headers['content-type']?.[0]);
    if (!isSealed && this.#options.allowsUnsealed !== true) return answer(500, headers, unsealed(user));
    const envelope = isSealed ? openSealed(context, request.body) : ok(request.body);
    // Windows answers 400 to a body that it cannot open; the context is lost with it.
    if (!envelope.ok) {
      this.#loggedOn = undefined;
      return answer(400, headers, envelope.error);
    }
    const reply = isSealed ? sealedReply(context, headers) : plainReply(headers);
    return { kind: 'envelope', user, domain, isSealed, envelope: envelope.value, reply };
  }
}

function openSealed(context: NtlmContext, body: Uint8Array): Result<Uint8Array> {
  const frame = decodeSealed(body);
  if (!frame.ok) return err(frame.error);
  return context.unseal(frame.value.header, frame.value.body);
}

type Reply = (status: number, envelope: Uint8Array) => AuthAnswer;

function sealedReply(context: NtlmContext, headers: Headers): Reply {
  return (status, envelope) => ({
    status,
    headers: { ...headers, 'Content-Type': sealedContentType(context.protocol) },
    body: encodeSealed(context.protocol, context.seal(envelope).value, envelope.length),
  });
}

function plainReply(headers: Headers): Reply {
  return (status, body) => ({ status, headers: { ...headers, 'Content-Type': soapContentType }, body });
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
