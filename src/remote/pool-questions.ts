import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { formatDuration } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { RsaKeys } from '../ports/rsa-keys.ts';
import type { Timers } from '../ports/timers.ts';
import type { PsrpClient } from '../wire/psrp/client.ts';
import type { RunspaceRequest } from '../wire/psrp/runspace-requests.ts';
import type { PoolReceiver } from './pool-receiver.ts';

export interface PoolQuestionsOptions {
  readonly host: string;
  readonly psrp: PsrpClient;
  readonly receiver: PoolReceiver;
  readonly keys?: RsaKeys;
  readonly timers: Timers;
  /** Sends fragments to the pool itself. */
  readonly send: (fragments: readonly Uint8Array[], signal: AbortSignal) => Promise<Result<void>>;
}

/** What is asked of a runspace pool itself: a session key, and its runspaces. */
export class PoolQuestions {
  readonly #options: PoolQuestionsOptions;
  readonly #answers = new Map<bigint, boolean | number>();
  #exchange: Promise<Result<void>> | undefined;

  constructor(options: PoolQuestionsOptions) {
    this.#options = options;
  }

  /** An answer came. */
  take(callId: bigint, answer: boolean | number): void {
    this.#answers.set(callId, answer);
  }

  /** Whether it was granted, or how many runspaces are free. */
  async ask(request: RunspaceRequest, signal: AbortSignal): Promise<Result<boolean | number>> {
    const { psrp, receiver, send } = this.#options;
    const asked = psrp.request(request);
    if (!asked.ok) return asked;
    const { callId, fragments } = asked.value;
    const sent = await send(fragments, signal);
    if (!sent.ok) return sent;
    const answer = await receiver.waitFor(() => this.#answer(callId), signal);
    this.#answers.delete(callId);
    return answer;
  }

  /** Gets a key under which SecureStrings travel; the same for all who ask at once. Failure also `pool.key-timeout`. */
  exchangeKeys(timeout: Duration, signal: AbortSignal): Promise<Result<void>> {
    if (this.#options.psrp.hasSessionKey) return Promise.resolve(ok(undefined));
    this.#exchange ??= this.#exchangeOnce(timeout, signal).finally(() => (this.#exchange = undefined));
    return this.#exchange;
  }

  async #exchangeOnce(timeout: Duration, signal: AbortSignal): Promise<Result<void>> {
    const { host, psrp, receiver, keys, timers, send } = this.#options;
    if (keys === undefined) return err(failure('psrp.no-session-key'));
    const fragments = psrp.exchangeKeys(await keys.generate());
    if (!fragments.ok) return fragments;
    const late = new AbortController();
    const cancel = timers.after(timeout, () => late.abort());
    const either = AbortSignal.any([signal, late.signal]);
    const sent = await send(fragments.value, either);
    const hasKey = (): Result<void> | undefined => (psrp.hasSessionKey ? ok(undefined) : undefined);
    const done = sent.ok ? await receiver.waitFor(hasKey, either) : sent;
    cancel();
    if (done.ok || !late.signal.aborted) return done;
    return err(failure('pool.key-timeout', { host, after: formatDuration(timeout) }));
  }

  #answer(callId: bigint): Result<boolean | number> | undefined {
    const answer = this.#answers.get(callId);
    return answer === undefined ? undefined : ok(answer);
  }
}
