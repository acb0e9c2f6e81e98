import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import type { ShellOutput } from './shell-backend.ts';

/** Output of one command, or of a shell itself, until a Receive takes it. */
export class OutputQueue {
  #chunks: Uint8Array[] = [];
  readonly #waiting = new Set<() => void>();
  #ended = false;
  #fault: WsmanFault | undefined;

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

  /** Drops what is queued; whoever waits, or comes later, gets the fault. */
  break(fault: WsmanFault): void {
    this.#fault = fault;
    this.#chunks = [];
    this.end();
  }

  /** Takes what is there, as soon as there is something, or nothing when `signal` aborts first. */
  async take(maxBytes: number, signal: AbortSignal): Promise<Result<ShellOutput, WsmanFault>> {
    if (!this.#isReady()) await this.#change(signal);
    if (this.#fault !== undefined) return err(this.#fault);
    const data: Uint8Array[] = [];
    let room = maxBytes;
    for (let next = this.#chunks[0]; next !== undefined; next = this.#chunks[0]) {
      // A chunk larger than the whole limit must still go out some time.
      if (next.length > room && data.length > 0) break;
      room -= next.length;
      data.push(next);
      this.#chunks.shift();
    }
    return ok({ data, done: this.#ended && this.#chunks.length === 0 });
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
