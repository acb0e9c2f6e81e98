/** A value that must not be shown: every way of printing it gives `[secret]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The plain value. Called only in the files of the allow-list that `test/architecture` holds. */
  reveal(): string {
    return this.#value;
  }

  /** Whether there is nothing to keep, as where a ticket takes the password's place. */
  get isEmpty(): boolean {
    return this.#value === '';
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}
