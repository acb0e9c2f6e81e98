/** Runs tasks one after another, in the order they came. */
export class Fifo {
  #last: Promise<void> = Promise.resolve();
  #length = 0;

  /** Tasks that run or wait. */
  get length(): number {
    return this.#length;
  }

  /** A task that fails does not stop the ones behind it. */
  run<T>(task: () => Promise<T>): Promise<T> {
    this.#length += 1;
    const turn = this.#last.then(task);
    const done = (): void => {
      this.#length -= 1;
    };
    // Keeps no result: what waits next must not hold on to the last answer.
    this.#last = turn.then(done, done);
    return turn;
  }
}
