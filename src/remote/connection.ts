import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Target } from '../core/target.ts';
import { milliseconds, seconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { HttpConnection, HttpConnector, HttpResponse } from '../ports/http-connection.ts';
import type { Timers } from '../ports/timers.ts';
import type { AuthServices } from './auth-services.ts';
import type { Credentialed } from './auth/authenticator.ts';
import type { HandshakeStyle } from './auth/ntlm.ts';
import { frameEnvelope, openAnswer } from './auth/sealed-body.ts';
import { unexpectedStatus } from './auth/status.ts';
import type { EnvelopeCarrier, PostAnswer } from './envelope-carrier.ts';
import { Fifo } from './fifo.ts';
import { KeepAlive } from './keep-alive.ts';
import { logOn, socketLost } from './logon.ts';
import type { LoggedOn } from './logon.ts';
import { postRequest } from './post-request.ts';
import type { PostLimits } from './post-request.ts';

export interface AuthConnectionOptions extends AuthServices {
  readonly target: Target;
  readonly connector: HttpConnector;
  readonly timers: Timers;
  /** Default `apart`. */
  readonly handshake?: HandshakeStyle;
  /** Shared by the connections to one host; its own unless given. */
  readonly keepAlive?: KeepAlive;
}

/**
 * An idle socket is not trusted for longer: http.sys closes one after 120 s, and firewalls forget one without a word.
 * A new logon is cheaper than a command of which nobody knows whether it arrived.
 */
const trustIdleFor = seconds(100);
/** Who closes a connection this soon after an answer does so after each. */
const soon = seconds(5);
/** A host that closes after an answer does so at once; one that was never seen to keep a connection is given so long. */
const proofTime = milliseconds(10);

/**
 * An authenticated HTTP connection to one host: one socket, one security context, one request at a time.
 *
 * The three live and die together. Where the server closed an idle socket, or says 401, the envelope is sealed anew
 * under a new logon; sealed bytes are never sent a second time. A NTLM logon costs 2 round trips a socket
 * (`apart`; 1 for `together`), an envelope costs 1.
 */
export class AuthConnection implements EnvelopeCarrier {
  readonly #options: AuthConnectionOptions;
  readonly #http: HttpConnection;
  readonly #queue = new Fifo();
  readonly #keepAlive: KeepAlive;
  #style: HandshakeStyle;
  #loggedOn: LoggedOn | undefined;
  /** Goes with the first envelope after a logon that ends together with it. */
  #firstHeaders: Credentialed['firstHeaders'];
  /** By the monotonic clock, in milliseconds. */
  #lastUsed = 0;

  constructor(options: AuthConnectionOptions) {
    this.#options = options;
    const { scheme, address, port, connectTimeout, tls, proxy } = options.target;
    this.#http = options.connector.connect({
      ...{ scheme, address, port, connectTimeout },
      ...(tls === undefined ? {} : { tls }),
      ...(proxy === undefined ? {} : { proxy }),
    });
    this.#style = options.handshake ?? 'apart';
    this.#keepAlive = options.keepAlive ?? new KeepAlive();
  }

  /** Whether its socket is open. */
  get isOpen(): boolean {
    return this.#http.socket !== undefined;
  }

  /** Whether an envelope is on its way, or waits for its turn. */
  get isBusy(): boolean {
    return this.#queue.length > 0;
  }

  post(envelope: Uint8Array, signal: AbortSignal, limits: PostLimits): Promise<Result<PostAnswer>> {
    return this.#queue.run(async () => {
      for (;;) {
        const answer = await this.#postOnce(envelope, signal, limits);
        // Comes at most twice: a fresh logon that is turned away is denied, and only `together` can fall back.
        if (answer === 'log on again') continue;
        if (!answer.ok) this.close();
        this.#lastUsed = this.#options.timers.monotonic();
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
    const reused = await this.#reusable(limits.onceOnly === true, signal);
    const logon = reused === undefined ? await this.#logOn(signal) : ok(reused);
    if (!logon.ok) return logon;
    const { target } = this.#options;
    const { credentials, socket } = logon.value;
    const firstHeaders = this.#firstHeaders;
    this.#firstHeaders = undefined;
    // Logging on took time: had the socket changed since, the context would be void.
    if (this.#http.socket !== socket) return socketLost(target);
    const framed = frameEnvelope(envelope, credentials.context);
    if (!framed.ok) return framed;
    const { contentType, body } = framed.value;
    const headers = { ...credentials.headers, ...firstHeaders, 'Content-Type': contentType };
    const response = await this.#http.exchange(postRequest(target, headers, body, limits), signal);
    if (reused !== undefined) this.#learn(response);
    if (!response.ok) return response;
    if (response.value.status === 401)
      return reused === undefined ? err(credentials.denial(response.value)) : this.#forgotten();
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

  /**
   * The logon that there is, where it can be used once more. What must not be sent twice is sent only where nothing
   * speaks for its getting lost.
   */
  async #reusable(onceOnly: boolean, signal: AbortSignal): Promise<LoggedOn | undefined> {
    const { state } = this.#keepAlive;
    if (onceOnly && state === 'refuted') return undefined;
    if (state === 'refuted' || (onceOnly && state === 'unproven')) await this.#watchForClose(signal);
    const isLost = this.#loggedOn !== undefined && this.#http.socket !== this.#loggedOn.socket;
    if (isLost && this.#idleFor() < soon) this.#keepAlive.refute();
    return this.#current();
  }

  async #watchForClose(signal: AbortSignal): Promise<void> {
    const left = milliseconds(proofTime - this.#idleFor());
    if (left > 0 && this.#current() !== undefined) await this.#options.timers.sleep(left, signal);
  }

  /** The logon, while its socket is open and to be trusted, and its ticket does not expire. */
  #current(): LoggedOn | undefined {
    const logon = this.#loggedOn;
    if (logon === undefined || this.#http.socket !== logon.socket) return undefined;
    const { renewAt } = logon.credentials;
    const isExpired = renewAt !== undefined && this.#options.now() >= renewAt;
    return isExpired || this.#idleFor() >= trustIdleFor ? undefined : logon;
  }

  #idleFor(): Duration {
    return milliseconds(this.#options.timers.monotonic() - this.#lastUsed);
  }

  /** What the answer to a second request on a connection says of the host. */
  #learn(response: Result<HttpResponse>): void {
    if (response.ok) this.#keepAlive.prove();
    else if (response.error.code === 'net.reset') this.#keepAlive.refute();
  }

  async #logOn(signal: AbortSignal): Promise<Result<LoggedOn>> {
    this.close();
    const logon = await logOn(this.#http, { ...this.#options, style: this.#style }, signal);
    if (!logon.ok) return logon;
    this.#loggedOn = logon.value;
    this.#firstHeaders = logon.value.credentials.firstHeaders;
    this.#lastUsed = this.#options.timers.monotonic();
    return logon;
  }

  /** A 401 to a logon's first envelope is a refusal; later the server forgot us, and one new logon is tried. */
  #forgotten(): 'log on again' {
    this.close();
    return 'log on again';
  }

  /** The server took the proof but not the body that came with it: from now on they go apart. */
  #proofOnly(): 'log on again' {
    this.#style = 'apart';
    this.close();
    return 'log on again';
  }
}

function isEmptySuccess({ status, body }: HttpResponse): boolean {
  return status === 200 && body.length === 0;
}
