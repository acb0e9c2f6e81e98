import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Target } from '../core/target.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { HttpConnection, HttpConnector, HttpResponse } from '../ports/http-connection.ts';
import type { Credentialed } from './auth/authenticator.ts';
import { chooseAuthenticator } from './auth/choose.ts';
import type { HandshakeStyle } from './auth/ntlm.ts';
import { frameEnvelope, openAnswer } from './auth/sealed-body.ts';
import { unexpectedStatus } from './auth/status.ts';
import { Fifo } from './fifo.ts';

export interface AuthConnectionOptions {
  readonly target: Target;
  readonly connector: HttpConnector;
  readonly entropy: Entropy;
  readonly now: () => Instant;
  /** Default `apart`. */
  readonly handshake?: HandshakeStyle;
}

export interface PostLimits {
  /** From sending the envelope to the last byte of the answer; logging on is bounded by it too, for each leg. */
  readonly timeout: Duration;
  /** Largest HTTP body of an answer. */
  readonly maxResponseBytes: number;
}

export interface PostAnswer {
  /** 200, or 500 for a SOAP fault. */
  readonly status: number;
  /** The SOAP message, unsealed. */
  readonly body: Uint8Array;
}

interface LoggedOn {
  readonly socket: number;
  readonly credentials: Credentialed;
  firstHeaders: Readonly<Record<string, string>> | undefined;
}

/**
 * An authenticated HTTP connection to one host: one socket, one security context, one request at a time.
 *
 * The three live and die together. Where the server closed an idle socket, or says 401, the envelope is sealed anew
 * under a new logon; sealed bytes are never sent a second time. A NTLM logon costs 2 round trips a socket
 * (`apart`; 1 for `together`), an envelope costs 1.
 */
export class AuthConnection {
  readonly #options: AuthConnectionOptions;
  readonly #http: HttpConnection;
  readonly #queue = new Fifo();
  #style: HandshakeStyle;
  #loggedOn: LoggedOn | undefined;

  constructor(options: AuthConnectionOptions) {
    this.#options = options;
    const { scheme, address, port, connectTimeout, tls, proxy } = options.target;
    this.#http = options.connector.connect({
      ...{ scheme, address, port, connectTimeout },
      ...(tls === undefined ? {} : { tls }),
      ...(proxy === undefined ? {} : { proxy }),
    });
    this.#style = options.handshake ?? 'apart';
  }

  /**
   * Sends one SOAP envelope and gives the answer; waits its turn behind earlier ones.
   *
   * Failures: `net.*` with `sent` in the details (whether bytes of this envelope left, so that it may have taken
   * effect; the caller decides on a retry), `auth.*`, `http.*`.
   */
  post(envelope: Uint8Array, signal: AbortSignal, limits: PostLimits): Promise<Result<PostAnswer>> {
    return this.#queue.run(async () => {
      for (;;) {
        const answer = await this.#postOnce(envelope, signal, limits);
        // Comes at most twice: a fresh logon that is turned away is denied, and only `together` can fall back.
        if (answer === 'log on again') continue;
        if (!answer.ok) this.close();
        return answer;
      }
    });
  }

  /** Closes the socket and forgets the logon; a later `post` starts anew. */
  close(): void {
    this.#loggedOn = undefined;
    this.#http.close();
  }

  async #postOnce(
    envelope: Uint8Array,
    signal: AbortSignal,
    limits: PostLimits,
  ): Promise<Result<PostAnswer> | 'log on again'> {
    const isFresh = !this.#isLoggedOn();
    const logon = await this.#logOn(signal, limits);
    if (!logon.ok) return logon;
    const { credentials, firstHeaders } = logon.value;
    logon.value.firstHeaders = undefined;
    // Logging on took time: had the socket changed since, the context would be void.
    if (this.#http.socket !== logon.value.socket) return this.#lostBeforeSending();
    const { contentType, body } = frameEnvelope(envelope, credentials.context);
    const headers = { ...credentials.headers, ...firstHeaders, 'Content-Type': contentType };
    const response = await this.#exchange(headers, body, signal, limits);
    if (!response.ok) return response;
    if (response.value.status === 401) return this.#turnedAway(isFresh);
    if (firstHeaders !== undefined && isEmptySuccess(response.value)) return this.#proofOnly();
    return this.#read(response.value, credentials);
  }

  #read(response: HttpResponse, credentials: Credentialed): Result<PostAnswer> {
    const { target } = this.#options;
    const { status } = response;
    // 400 means that the server could not open the body: its context and ours have parted.
    if (status !== 200 && status !== 500) return err(unexpectedStatus(target, status, 'an envelope'));
    if (status === 500 && response.body.length === 0)
      return err(unexpectedStatus(target, status, 'an envelope'));
    const opened = openAnswer(target, response, credentials.context);
    return opened.ok ? ok({ status, body: opened.value }) : opened;
  }

  #isLoggedOn(): boolean {
    return this.#loggedOn !== undefined && this.#http.socket === this.#loggedOn.socket;
  }

  async #logOn(signal: AbortSignal, limits: PostLimits): Promise<Result<LoggedOn>> {
    if (this.#loggedOn !== undefined && this.#isLoggedOn()) return ok(this.#loggedOn);
    this.close();
    const { target, entropy, now } = this.#options;
    const authenticator = chooseAuthenticator({ target, entropy, now, style: this.#style });
    if (!authenticator.ok) return authenticator;
    const opened = await this.#http.open(signal);
    if (!opened.ok) return notSent(opened);
    const socket = opened.value;
    const credentials = await authenticator.value.authenticate(async (headers, body) => {
      if (this.#http.socket !== socket) return this.#lostBeforeSending();
      return notSent(await this.#exchange(headers, body, signal, limits));
    });
    if (!credentials.ok) return credentials;
    this.#loggedOn = { socket, credentials: credentials.value, firstHeaders: credentials.value.firstHeaders };
    return ok(this.#loggedOn);
  }

  #exchange(
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    signal: AbortSignal,
    { timeout, maxResponseBytes }: PostLimits,
  ): Promise<Result<HttpResponse>> {
    const common = { 'User-Agent': 'Countersign', 'Accept-Encoding': 'identity' };
    const { path } = this.#options.target;
    const request = { method: 'POST', path, headers: { ...common, ...headers }, body } as const;
    return this.#http.exchange({ ...request, timeout, maxResponseBytes }, signal);
  }

  /** A 401 to a logon's first envelope is a refusal; later the server forgot us, and one new logon is tried. */
  #turnedAway(isFresh: boolean): Result<never> | 'log on again' {
    if (isFresh) return this.#denied();
    this.close();
    return 'log on again';
  }

  /** The server took the proof but not the body that came with it: from now on they go apart. */
  #proofOnly(): 'log on again' {
    this.#style = 'apart';
    this.close();
    return 'log on again';
  }

  #denied(): Result<never> {
    const { host, user } = this.#options.target;
    return err(failure('auth.denied', { host, user }));
  }

  #lostBeforeSending(): Result<never> {
    const { address, port } = this.#options.target;
    return err(failure('net.reset', { address, port, sent: false }));
  }
}

function isEmptySuccess({ status, body }: HttpResponse): boolean {
  return status === 200 && body.length === 0;
}

/** While logging on, bytes may have left, but none of the envelope. */
function notSent<T>(result: Result<T>): Result<T> {
  if (result.ok || result.error.details['sent'] !== true) return result;
  const { code, details } = result.error;
  return err(failure(code, { ...details, sent: false }, result.error));
}
