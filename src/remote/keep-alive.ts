/**
 * What is known of a host: whether it keeps a connection open after an answer. Some close it without a word, and what
 * is sent meanwhile is lost. One for all connections to a host.
 */
export class KeepAlive {
  #state: 'unproven' | 'proven' | 'refuted' = 'unproven';

  get state(): 'unproven' | 'proven' | 'refuted' {
    return this.#state;
  }

  /** A connection was used a second time. */
  prove(): void {
    this.#state = 'proven';
  }

  /** A connection was closed soon after an answer, or under the next request. */
  refute(): void {
    this.#state = 'refuted';
  }
}
