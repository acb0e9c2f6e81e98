import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';

/** The time while a shell is disconnected by our own wish. */
export class Away {
  readonly #closed: AbortSignal;
  readonly #back = Promise.withResolvers<undefined>();

  constructor(closed: AbortSignal) {
    this.#closed = closed;
  }

  end(): void {
    this.#back.resolve(undefined);
  }

  /** Resolves when it is over; with a failure where that will not be. */
  untilBack(signal: AbortSignal): Promise<Failure | undefined> {
    const either = AbortSignal.any([signal, this.#closed]);
    const givenUp = new Promise<Failure>((resolve) => {
      const giveUp = (): void => resolve(failure('net.aborted', { sent: true }));
      if (either.aborted) giveUp();
      else either.addEventListener('abort', giveUp, { once: true });
    });
    return Promise.race([this.#back.promise, givenUp]);
  }
}
