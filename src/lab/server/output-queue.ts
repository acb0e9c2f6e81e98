import type { ShellOutput } from './shell-backend.ts';

/** Output of one command, or of a shell itself, until a Receive takes it. */
export class OutputQueue {
  readonly #chunks: Uint8Array[] = [];
  readonly #waiting = new Set<() => void>();
  #ended = false;

  push(data: Uint8Array): void {
    if (this.#ended) return;
    this.#chunks.push(data);
    this.#wake();
  }

  /** Nothing more will come; what is queued can still be taken. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Takes what is there, as soon as there is something, or nothing when `signal` aborts first. */
  async take(maxBytes: number, signal: AbortSignal): Promise<ShellOutput> {
    if (!this.#isReady()) await this.#change(signal);
    const data: Uint8Array[] = [];
    let room = maxBytes;
    for (let next = this.#chunks[0]; next !== undefined; next = this.#chunks[0]) {
      // A chunk larger than the whole limit must still go out some time.
      if (next.length > room && data.length > 0) break;
      room -= next.length;
      data.push(next);
      this.#chunks.shift();
    }
    return { data, done: this.#ended && this.#chunks.length === 0 };
  }

  #isReady(): boolean {
    return this.#ended || this.#chunks.length > 0;
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        this.#waiting.delete(finish);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      if (signal.aborted) {
        resolve();
        return;
      }
      this.#waiting.add(finish);
      signal.addEventListener('abort', finish);
    });
  }

  #wake(): void {
    for (const finish of [...this.#waiting]) finish();
  }
}
