/** Runs tasks one after another, in the order they came. */
export class Fifo {
  #last: Promise<unknown> = Promise.resolve();

  /** A task that fails does not stop the ones behind it. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task, task);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
