/**
 * Items that arrived and wait to be read, with their weight in bytes.
 *
 * Whoever fetches asks for room first, so that a slow reader slows the sender down and memory stays bounded.
 */
export class ReadAhead<Item extends object> {
  readonly #maxBytes: number;
  readonly #unread: { readonly item: Item; readonly bytes: number }[] = [];
  readonly #readers: ((item: Item | undefined) => void)[] = [];
  readonly #fetchers = new Set<() => void>();
  #bytes = 0;
  #ended = false;
  #discards = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get hasRoom(): boolean {
    return this.#discards || this.#readers.length > 0 || this.#bytes <= this.#maxBytes;
  }

  push(item: Item, bytes: number): void {
    if (this.#ended || this.#discards) return;
    const reader = this.#readers.shift();
    if (reader !== undefined) {
      reader(item);
      return;
    }
    this.#unread.push({ item, bytes });
    this.#bytes += bytes;
  }

  /** Nothing more comes; what is unread can still be read. */
  end(): void {
    this.#ended = true;
    for (const reader of this.#readers.splice(0)) reader(undefined);
    this.#wakeFetchers();
  }

  /** Nobody reads any more: what is unread, and what still comes, is dropped. */
  discard(): void {
    this.#discards = true;
    this.#unread.length = 0;
    this.#bytes = 0;
    this.end();
  }

  /** The next item, as soon as there is one; undefined at the end. */
  next(): Promise<Item | undefined> {
    const next = this.#unread.shift();
    if (next !== undefined) {
      this.#bytes -= next.bytes;
      if (this.hasRoom) this.#wakeFetchers();
      return Promise.resolve(next.item);
    }
    if (this.#ended) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#readers.push(resolve);
      this.#wakeFetchers();
    });
  }

  /** Resolves when there is room for more, or when `signal` aborts. */
  room(signal: AbortSignal): Promise<void> {
    if (this.hasRoom || this.#ended || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#fetchers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#fetchers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  #wakeFetchers(): void {
    for (const wake of [...this.#fetchers]) wake();
  }
}
