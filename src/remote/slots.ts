/** Places for things that run at once; who finds none waits for its turn. */
export class Slots {
  #limit: number;
  #taken = 0;
  readonly #waiting = new Set<() => void>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Who waits now is let in where the new limit allows it. */
  set limit(limit: number) {
    this.#limit = limit;
    this.#admit();
  }

  /** Resolves with true once there is a place, to be given back by `release`; with false when `signal` aborts first. */
  take(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (isIn: boolean): void => {
        this.#waiting.delete(enter);
        signal.removeEventListener('abort', leave);
        resolve(isIn);
      };
      const enter = (): void => {
        this.#taken += 1;
        settle(true);
      };
      const leave = (): void => settle(false);
      signal.addEventListener('abort', leave);
      this.#waiting.add(enter);
      this.#admit();
    });
  }

  release(): void {
    this.#taken -= 1;
    this.#admit();
  }

  #admit(): void {
    for (const enter of [...this.#waiting]) {
      if (this.#taken >= this.#limit) return;
      enter();
    }
  }
}
