import { Failure } from '../../core/failure.ts';
import { unwrap } from '../../core/result.ts';
import { concatBytes } from '../../wire/bytes/concat.ts';
import type { CmdProcess, ProcessOutcome } from '../cmd-process.ts';
import { stoppedByCaller, timedOut, unknownOutcome } from './outcome.ts';

/** Bytes, or a text that is sent as UTF-8. */
export type StdinData = Uint8Array | string;

/** A piece of what a program wrote; a character may be cut between two pieces. */
export interface CmdChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly data: Uint8Array;
}

export interface CmdResult {
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** As UTF-8, which is right for code page 65001. */
  readonly stdoutText: string;
  readonly stderrText: string;
}

/**
 * A program that runs. Read it piece by piece with `for await`, or to its end with `await run.result`; while nobody
 * reads, the host is not asked for more than a little. Leaving the loop early stops the program.
 */
export class CmdRun implements AsyncIterable<CmdChunk> {
  readonly #process: CmdProcess;
  readonly #about: { readonly host: string; readonly what: string };
  readonly #kept: CmdChunk[] = [];
  #result: Promise<CmdResult> | undefined;
  #inputError: Error | undefined;
  #isGivenUp = false;

  /** @internal */
  constructor(process: CmdProcess, about: { readonly host: string; readonly what: string }) {
    this.#process = process;
    this.#about = about;
  }

  /** The id of the command on the host; undefined until it has begun. */
  get commandId(): string | undefined {
    return this.#process.commandId;
  }

  /** How it ended, with what was not read otherwise. */
  get result(): Promise<CmdResult> {
    this.#result ??= this.#readToEnd();
    return this.#result;
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<CmdChunk> {
    let isComplete = false;
    try {
      for (;;) {
        const chunk = await this.#process.chunks.next();
        if (chunk === undefined) break;
        yield chunkOf(chunk);
      }
      isComplete = true;
    } finally {
      if (!isComplete) this.#leave();
    }
    this.#check(await this.#process.ended);
  }

  /** Gives it more input, and resolves when that was sent. */
  async write(data: StdinData): Promise<void> {
    unwrap(await this.#process.input.write(bytesOf(data), false));
  }

  /** Ends its input, with a last piece perhaps. */
  async endInput(last: StdinData = ''): Promise<void> {
    unwrap(await this.#process.input.write(bytesOf(last), true));
  }

  /** Sends Control-C or Control-Break, which the program may handle as it likes. */
  async interrupt(key: 'ctrl-c' | 'ctrl-break' = 'ctrl-c'): Promise<void> {
    unwrap(await this.#process.interrupt(key === 'ctrl-c' ? 'ctrlC' : 'ctrlBreak'));
  }

  /**
   * Sends Control-C and waits for the end. Called again it is less gentle: it terminates the program, then deletes the
   * shell. Never rejects.
   */
  async stop(): Promise<void> {
    this.#process.stop();
    await this.#process.ended;
  }

  /** @internal Stops it for a caller whose signal aborted. */
  giveUp(): void {
    this.#isGivenUp = true;
    this.#process.stop();
  }

  /** @internal */
  async feed(stdin: StdinData | Iterable<StdinData> | AsyncIterable<StdinData>): Promise<void> {
    try {
      if (typeof stdin === 'string' || stdin instanceof Uint8Array) {
        await this.endInput(stdin);
        return;
      }
      if (Symbol.iterator in stdin) {
        await this.#writeAll([...stdin]);
        return;
      }
      // One piece behind, so that the last one can say that it is the last.
      let held: StdinData | undefined;
      for await (const piece of stdin) {
        if (held !== undefined) await this.write(held);
        held = piece;
      }
      await this.endInput(held);
    } catch (thrown) {
      // A program may end before it has read all its input.
      if (thrown instanceof Failure && thrown.code === 'psrp.state') return;
      this.#inputError = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.#process.stop();
    }
  }

  async #writeAll(pieces: readonly StdinData[]): Promise<void> {
    const written = pieces.slice(0, -1).map((piece) => this.write(piece));
    await Promise.all([...written, this.endInput(pieces.at(-1))]);
  }

  #leave(): void {
    this.#process.chunks.discard();
    this.#process.stop();
  }

  async #readToEnd(): Promise<CmdResult> {
    for (;;) {
      const chunk = await this.#process.chunks.next();
      if (chunk === undefined) break;
      this.#kept.push(chunkOf(chunk));
    }
    const { exitCode } = this.#check(await this.#process.ended);
    const of = (name: CmdChunk['stream']): Uint8Array =>
      concatBytes(...this.#kept.flatMap(({ stream, data }) => (stream === name ? [data] : [])));
    const [stdout, stderr] = [of('stdout'), of('stderr')];
    return { exitCode, stdout, stderr, stdoutText: textIn(stdout), stderrText: textIn(stderr) };
  }

  /** Throws what kept it from ending as programs end. */
  #check(outcome: ProcessOutcome): Extract<ProcessOutcome, { kind: 'ended' }> {
    if (this.#inputError !== undefined) throw this.#inputError;
    const { timeouts = {} } = this.#process.request;
    const { kind, timedOut: limit } = outcome;
    const running = { ...this.#about, timeouts };
    if (limit !== undefined)
      throw timedOut(running, limit, { started: kind !== 'not-started', stopped: kind === 'ended' });
    if (this.#isGivenUp && kind !== 'not-started') throw stoppedByCaller(this.#about.host, kind === 'ended');
    if (kind === 'not-started') throw outcome.failure;
    if (kind === 'lost') throw unknownOutcome(running, outcome.failure);
    return outcome;
  }
}

function chunkOf({ stream, data }: { readonly stream: string; readonly data: Uint8Array }): CmdChunk {
  return { stream: stream === 'stderr' ? 'stderr' : 'stdout', data };
}

function bytesOf(data: StdinData): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data;
}

function textIn(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
