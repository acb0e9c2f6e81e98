import type { GssFunction, Pointer } from './library.ts';

/**
 * Lets few calls wait for a KDC at a time.
 *
 * They wait on Node's own four threads, on which names are looked up and files are read too; with all of them taken by
 * a KDC that does not answer, every other host would stand still.
 */
export class WaitingCalls {
  readonly #limit: number;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(limit = 2) {
    this.#limit = limit;
  }

  /** Calls it on another thread, and gives its major status. */
  async run(call: GssFunction, ...args: readonly (Pointer | number)[]): Promise<number> {
    if (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#running += 1;
    try {
      return await inBackground(call, args);
    } finally {
      // The turn goes on to the next in the queue.
      const next = this.#queue.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}

function inBackground(call: GssFunction, args: readonly (Pointer | number)[]): Promise<number> {
  return new Promise((resolve, reject) => {
    call.async(...args, (error, major) => {
      if (error === null) resolve(major);
      else reject(error instanceof Error ? error : new Error('the call did not come back', { cause: error }));
    });
  });
}
