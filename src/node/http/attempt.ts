import type { Socket } from 'node:net';
import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { formatDuration } from '../../core/time.ts';
import type { HttpEndpoint } from '../../ports/http-connection.ts';
import { systemTimers } from '../timers.ts';

/** What the message of a timeout says we were at; `net.timeout` has a hint for each. */
export type Stage = 'Connecting' | 'Asking the proxy' | 'The TLS handshake';

/**
 * One try to reach an endpoint: TCP, proxy and TLS together are bounded by its `connectTimeout`, and by the caller.
 */
export class Attempt {
  readonly endpoint: HttpEndpoint;
  stage: Stage = 'Connecting';
  readonly #signal: AbortSignal;
  readonly #cancelTimer: () => void;
  #fail: ((failed: Failure) => void) | undefined;
  #failed: Failure | undefined;

  constructor(endpoint: HttpEndpoint, signal: AbortSignal) {
    this.endpoint = endpoint;
    this.#signal = signal;
    this.#cancelTimer = systemTimers.after(endpoint.connectTimeout, () => {
      this.#stop(this.#timeout());
    });
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort);
  }

  /** To be called when the attempt is over, however it ended. */
  finish(): void {
    this.#cancelTimer();
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  /**
   * Waits for the next stage of a socket; destroys it where that fails, or the time is over before.
   *
   * @param listen - Subscribes to what ends the stage, and gives back how to unsubscribe.
   */
  async wait<T>(
    socket: Socket,
    explain: (error: Error) => Failure,
    listen: (settle: (result: Result<T>) => void) => () => void,
  ): Promise<Result<T>> {
    const { promise, resolve } = Promise.withResolvers<Result<T>>();
    const onError = (error: Error): void => {
      resolve(err(explain(error)));
    };
    socket.once('error', onError);
    const unsubscribe = listen(resolve);
    this.#fail = (failed) => {
      resolve(err(failed));
    };
    if (this.#failed !== undefined) this.#fail(this.#failed);
    const result = await promise;
    this.#fail = undefined;
    unsubscribe();
    if (!result.ok) {
      // A destroyed socket may still report an error, and an unheard one ends the process.
      socket.on('error', () => undefined);
      socket.destroy();
    }
    socket.off('error', onError);
    return result;
  }

  /** Waits for an event without arguments. */
  waitFor(
    socket: Socket,
    event: 'connect' | 'secureConnect',
    explain: (error: Error) => Failure,
  ): Promise<Result<void>> {
    return this.wait(socket, explain, (settle) => {
      const onEvent = (): void => {
        settle(ok(undefined));
      };
      socket.once(event, onEvent);
      return () => socket.off(event, onEvent);
    });
  }

  readonly #onAbort = (): void => {
    this.#stop(failure('net.aborted', { sent: false }));
  };

  #stop(failed: Failure): void {
    this.#failed ??= failed;
    this.#fail?.(failed);
  }

  #timeout(): Failure {
    const { address, port, connectTimeout } = this.endpoint;
    const after = formatDuration(connectTimeout);
    return failure('net.timeout', { what: this.stage, address, port, after, sent: false });
  }
}
