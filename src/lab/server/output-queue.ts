import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import type { StreamData } from '../../wire/wsman/receive.ts';
import type { BufferMode } from '../../wire/wsman/shell-description.ts';
import type { ShellOutput } from './shell-backend.ts';

export interface OutputQueueOptions {
  /** `drained` waits while more than this is queued; in mode `Drop` it is the most that is kept. */
  readonly maxBytes?: number;
  /** Whether a piece may be cut to fit: program output may, PSRP fragments travel whole. */
  readonly splits?: boolean;
  /** What mode `Drop` may lose; nothing by default. */
  readonly isDroppable?: (piece: StreamData) => boolean;
}

const defaultMaxBytes = 8 * 1024 * 1024;

/** Output of one command, or of a shell itself, until a Receive takes it. */
export class OutputQueue {
  readonly #options: OutputQueueOptions;
  #pieces: StreamData[] = [];
  #bytes = 0;
  readonly #waiting = new Set<() => void>();
  readonly #blocked = new Set<() => void>();
  #mode: BufferMode = 'Block';
  #isUnbound = false;
  #ended = false;
  #exitCode = 0;
  #fault: WsmanFault | undefined;

  constructor(options: OutputQueueOptions = {}) {
    this.#options = options;
  }

  push(data: Uint8Array, stream = 'stdout', end = false): void {
    if (this.#ended) return;
    this.#pieces.push({ stream, data, ...(end ? { end } : {}) });
    this.#bytes += data.length;
    if (this.#mode === 'Drop') this.#drop();
    wake(this.#waiting);
  }

  /** Resolves when so much was taken that there is room for more. */
  drained(): Promise<void> {
    if (this.#hasRoom()) return Promise.resolve();
    return new Promise((resolve) => this.#blocked.add(resolve));
  }

  /** Takes any amount from now on, so that nobody waits for a client that may not come back. */
  unbound(): void {
    this.#isUnbound = true;
    this.#unblock();
  }

  setMode(mode: BufferMode): void {
    this.#mode = mode;
    if (mode === 'Drop') this.#drop();
    this.#unblock();
  }

  /** Nothing more will come; what is queued can still be taken. */
  end(exitCode = 0): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#exitCode = exitCode;
    this.#unblock();
    wake(this.#waiting);
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Forgets what is queued. */
  clear(): void {
    this.#pieces = [];
    this.#bytes = 0;
    this.#unblock();
  }

  /** Drops what is queued; whoever waits, or comes later, gets the fault. */
  break(fault: WsmanFault): void {
    this.#fault = fault;
    this.end();
    this.clear();
    wake(this.#waiting);
  }

  /** Takes what is there, as soon as there is something, or nothing when `signal` aborts first. */
  async take(maxBytes: number, signal: AbortSignal): Promise<Result<ShellOutput, WsmanFault>> {
    while (!this.#isReady()) {
      if (signal.aborted) return ok({ streams: [], done: false });
      await this.#change(signal);
    }
    if (this.#fault !== undefined) return err(this.#fault);
    const streams = this.#takePieces(maxBytes);
    this.#unblock();
    const done = this.#ended && this.#pieces.length === 0;
    return ok({ streams, done, ...(done ? { exitCode: this.#exitCode } : {}) });
  }

  /** Puts back what was taken but never arrived. */
  restore({ streams }: ShellOutput): void {
    if (this.#fault !== undefined || streams.length === 0) return;
    this.#pieces.unshift(...streams);
    this.#bytes += streams.reduce((sum, { data }) => sum + data.length, 0);
    wake(this.#waiting);
  }

  #takePieces(maxBytes: number): StreamData[] {
    const taken: StreamData[] = [];
    let room = maxBytes;
    for (let next = this.#pieces[0]; next !== undefined; next = this.#pieces[0]) {
      if (next.data.length > room && this.#options.splits === true) next = this.#split(next, room);
      // A piece larger than the whole limit must still go out some time.
      if (next === undefined || (next.data.length > room && taken.length > 0)) break;
      room -= next.data.length;
      taken.push(next);
      this.#pieces.shift();
      this.#bytes -= next.data.length;
    }
    return taken;
  }

  /** Cuts the first piece in two, and gives the part that fits. */
  #split(piece: StreamData, room: number): StreamData | undefined {
    if (room === 0) return undefined;
    const fitting = { stream: piece.stream, data: piece.data.subarray(0, room) };
    this.#pieces.splice(0, 1, fitting, { ...piece, data: piece.data.subarray(room) });
    return fitting;
  }

  #drop(): void {
    const { isDroppable = () => false } = this.#options;
    for (let at = 0; at < this.#pieces.length && !this.#fits();) {
      const piece = this.#pieces[at];
      if (piece === undefined || !isDroppable(piece)) {
        at += 1;
        continue;
      }
      this.#pieces.splice(at, 1);
      this.#bytes -= piece.data.length;
    }
  }

  #isReady(): boolean {
    return this.#ended || this.#pieces.length > 0;
  }

  #fits(): boolean {
    return this.#bytes <= (this.#options.maxBytes ?? defaultMaxBytes);
  }

  #hasRoom(): boolean {
    return this.#ended || this.#isUnbound || this.#mode === 'Drop' || this.#fits();
  }

  #unblock(): void {
    if (this.#hasRoom()) wake(this.#blocked);
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        this.#waiting.delete(finish);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      this.#waiting.add(finish);
      signal.addEventListener('abort', finish);
    });
  }
}

function wake(sleepers: Set<() => void>): void {
  const all = [...sleepers];
  sleepers.clear();
  for (const wakeUp of all) wakeUp();
}
