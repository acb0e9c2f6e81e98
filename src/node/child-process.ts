import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { ChildProcess, ChildProcesses } from '../ports/child-process.ts';

const keptStderrCharacters = 64 * 1024;

/** Programs of this machine. */
export const systemProcesses: ChildProcesses = {
  async spawn(program, args, env): Promise<Result<ChildProcess>> {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    try {
      await once(child, 'spawn');
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return err(failure('process.not-started', { program, reason }, cause));
    }
    return ok(new SpawnedProcess(child));
  },
};

class SpawnedProcess implements ChildProcess {
  readonly pid: number;
  readonly lines: AsyncIterable<string>;
  readonly exited: Promise<number>;
  readonly #child: ChildProcessWithoutNullStreams;
  #stderr = '';

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    // Taken at once: an iterator that begins after the last line would wait for ever.
    const lines = createInterface({ input: child.stdout, crlfDelay: Infinity })[Symbol.asyncIterator]();
    this.lines = { [Symbol.asyncIterator]: () => lines };
    this.exited = new Promise((resolve) => {
      child.once('exit', (code) => resolve(code ?? killedExitCode));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-keptStderrCharacters);
    });
    // A write to a program that has just ended; writeLine tells its caller.
    child.stdin.on('error', () => undefined);
  }

  get stderr(): string {
    return this.#stderr;
  }

  writeLine(line: string): Promise<Result<void>> {
    return new Promise((resolve) => {
      this.#child.stdin.write(`${line}\n`, (cause) => {
        if (cause === null || cause === undefined) resolve(ok(undefined));
        else resolve(err(failure('process.ended', { pid: this.pid, reason: cause.message }, cause)));
      });
    });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** What a shell shows for a program that SIGKILL ended. */
const killedExitCode = 137;
