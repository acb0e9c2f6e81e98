import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { err } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { formatDuration, milliseconds, seconds } from '../core/time.ts';
import type { WsmanMessage } from '../wire/wsman/envelope.ts';
import { faultFailure } from '../wire/wsman/fault-failure.ts';
import { actionName } from '../wire/wsman/namespaces.ts';
import type { Envelope } from '../wire/wsman/parse-envelope.ts';
import { backOff } from './back-off.ts';
import type { EnvelopeSize } from './envelope-size.ts';
import { Waits } from './waiting.ts';
import type { WaitOptions, Waiting } from './waiting.ts';
import type { ShellRef, WsmanAnswer, WsmanExchange } from './wsman-exchange.ts';

/**
 * Whether a request may be sent again when nobody knows if it took effect:
 *
 * - `never`: Command, Send, a signal that stops; twice is worse than not at all.
 * - `create`: Create under our own ShellId, once more; where it exists already, it is ours.
 * - `receive`: Receive, whose answer the server keeps for the MessageID.
 * - `any`: what changes nothing by being repeated: Get, Enumerate, Delete, Terminate, Reconnect.
 */
export type Repeatability = 'never' | 'create' | 'receive' | 'any';

export interface PersistentExchangeOptions extends WaitOptions {
  readonly envelopes: EnvelopeSize;
}

export interface PersistentAnswer {
  readonly answer: WsmanAnswer;
  /** Answers that got lost before this one, so that the request may have taken effect already. */
  readonly lost: number;
}

/** Repeats after an answer that broke off, and after silence, which cost much time already. */
const repeats: Readonly<Record<Repeatability, { readonly broken: number; readonly silent: number }>> = {
  never: { broken: 0, silent: 0 },
  create: { broken: 1, silent: 0 },
  receive: { broken: 2, silent: 1 },
  any: { broken: 2, silent: 0 },
};
const repeatBackOff = { first: milliseconds(250), most: seconds(1) };

/** One request until it is answered: waits where the host refused it for now, repeats it where that is harmless. */
export class PersistentExchange {
  readonly #exchange: WsmanExchange;
  readonly #options: PersistentExchangeOptions;

  constructor(exchange: WsmanExchange, options: PersistentExchangeOptions) {
    this.#exchange = exchange;
    this.#options = options;
  }

  get host(): string {
    return this.#exchange.host;
  }

  close(): void {
    this.#exchange.close();
  }

  async ask(
    message: WsmanMessage,
    shell: ShellRef,
    repeatability: Repeatability,
    signal: AbortSignal,
    firstMessageId = this.#newMessageId(),
  ): Promise<PersistentAnswer> {
    const waits = new Waits(this.#options);
    const left = { unsent: 1, ...repeats[repeatability] };
    let messageId = firstMessageId;
    for (let lost = 0; ;) {
      const { maxBytes: maxEnvelopeBytes } = this.#options.envelopes;
      const options = { messageId, maxEnvelopeBytes, onceOnly: repeatability === 'never' };
      const answer = await this.#exchange.ask(message, shell, options, signal);
      const trouble = signal.aborted ? 'none' : this.#troubleOf(answer, message);
      if (trouble === 'none') return { answer, lost };
      if (typeof trouble === 'object') {
        // A 503 proves little more than a broken connection does, to a request that must not be repeated.
        if (trouble.why === 'unavailable' && repeatability === 'never') return { answer, lost };
        const waited = await waits.wait(trouble, signal);
        if (signal.aborted) return { answer: stopped(), lost };
        if (!waited) return { answer: gaveUp(trouble, waits), lost };
      } else {
        if (left[trouble] === 0) return { answer, lost };
        left[trouble] -= 1;
        if (trouble !== 'unsent') lost += 1;
        const delay = backOff(repeatBackOff, 1 + lost, this.#options.entropy);
        await this.#options.timers.sleep(delay, signal);
        if (signal.aborted) return { answer, lost };
      }
      // The answer to a Receive that got lost is kept under its MessageID, also while the service is away; anything
      // else is asked for anew.
      if (repeatability !== 'receive') messageId = this.#newMessageId();
    }
  }

  /** As `ask`, with the answer read. */
  async perform<T>(
    message: WsmanMessage,
    shell: ShellRef,
    parse: (envelope: Envelope) => Result<T>,
    repeatability: Repeatability,
    signal: AbortSignal,
  ): Promise<Result<T>> {
    const { answer } = await this.ask(message, shell, repeatability, signal);
    return this.read(answer, message, parse);
  }

  /** What an answer holds; a fault is a failure that tells what to do. */
  read<T>(answer: WsmanAnswer, message: WsmanMessage, parse: (envelope: Envelope) => Result<T>): Result<T> {
    if (answer.kind === 'envelope') return parse(answer.envelope);
    if (answer.kind === 'failure') return err(answer.failure);
    return err(faultFailure(answer.fault, { host: this.host, action: actionName(message.action) }));
  }

  #troubleOf(answer: WsmanAnswer, message: WsmanMessage): Trouble {
    if (answer.kind === 'envelope') return 'none';
    const during = { host: this.host, action: actionName(message.action) };
    const reason = answer.kind === 'fault' ? faultFailure(answer.fault, during) : answer.failure;
    switch (reason.code) {
      case 'wsman.quota':
        return { ...during, why: 'quota', refusal: reason };
      case 'net.reset':
        return reason.details['sent'] === false ? 'unsent' : 'broken';
      case 'net.no-answer':
        return 'silent';
      case 'auth.bad-seal':
      case 'auth.malformed-sealing':
        return 'broken';
      case 'http.status':
        if (reason.details['status'] === 503) return { ...during, why: 'unavailable', refusal: reason };
        return brokenStatuses.has(Number(reason.details['status'])) ? 'broken' : 'none';
      default:
        return 'none';
    }
  }

  #newMessageId(): string {
    return this.#options.entropy.uuid().toUpperCase();
  }
}

/** What stands between a request and its answer; an object where the host itself said: not now. */
type Trouble = 'none' | 'unsent' | 'broken' | 'silent' | Pick<Waiting, 'host' | 'action' | 'why' | 'refusal'>;

/** Our sealing and the server's have parted; a gateway lost its server. */
const brokenStatuses: ReadonlySet<number> = new Set([400, 502, 504]);

function gaveUp({ why, refusal }: Exclude<Trouble, string>, waits: Waits): WsmanAnswer {
  const details: Failure['details'] = { ...refusal.details, waited: formatDuration(waits.waited(why)) };
  return { kind: 'failure', failure: failure(refusal.code, details, refusal) };
}

function stopped(): WsmanAnswer {
  return { kind: 'failure', failure: failure('net.aborted', { sent: false }) };
}
