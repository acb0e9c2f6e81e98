import { Failure } from '../../../src/core/failure.ts';
import type { CmdChunk, CmdRun } from '../../../src/remote/api/cmd-process.ts';

/** What a program wrote, and how it ended; texts are UTF-8, as in the description. */
export interface ProcessOutcome {
  /** Undefined while it runs. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program under way, read all the time as users do. */
export class RunningProcess {
  readonly process: CmdRun;
  /** Its exit code; a Failure where its end is not known. */
  readonly ended: Promise<number | Failure>;
  readonly #chunks: CmdChunk[] = [];
  #end: number | Failure | undefined;
  #taken = 0;

  constructor(process: CmdRun) {
    this.process = process;
    this.ended = this.#readAll();
    // Whoever awaits it hears of a mistake of the client; nobody must.
    this.ended.catch(() => undefined);
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** What it has written since it was asked the last time, and its exit code. */
  take(): ProcessOutcome | Failure {
    const outcome = this.peek();
    this.#taken = this.#chunks.length;
    return outcome;
  }

  /** As `take`, to be asked again. */
  peek(): ProcessOutcome | Failure {
    if (this.#end instanceof Failure) return this.#end;
    const fresh = this.#chunks.slice(this.#taken);
    const textOf = (name: CmdChunk['stream']): string =>
      Buffer.concat(fresh.flatMap(({ stream, data }) => (stream === name ? [data] : []))).toString('utf8');
    return { exitCode: this.#end, stdout: textOf('stdout'), stderr: textOf('stderr') };
  }

  async #readAll(): Promise<number | Failure> {
    try {
      for await (const chunk of this.process) this.#chunks.push(chunk);
      const { exitCode } = await this.process.result;
      this.#end = exitCode;
    } catch (problem) {
      if (!(problem instanceof Failure)) throw problem;
      this.#end = problem;
    }
    return this.#end;
  }
}
