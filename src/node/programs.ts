import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Program, ProgramOptions, ProgramSignal, Programs } from '../ports/program.ts';

/** Programs of this machine, each leading a process group of its own. */
export const systemPrograms: Programs = {
  async start(program, args, { environment, workingDirectory }: ProgramOptions = {}) {
    try {
      const child = spawn(program, args, {
        detached: true,
        env: { ...process.env, ...environment },
        stdio: ['pipe', 'pipe', 'pipe'],
        ...(workingDirectory === undefined ? {} : { cwd: workingDirectory }),
      });
      await once(child, 'spawn');
      return ok(new SpawnedProgram(child));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return err(failure('process.not-started', { program, reason }, cause));
    }
  },
};

class SpawnedProgram implements Program {
  readonly pid: number;
  readonly exited: Promise<number | undefined>;
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.exited = new Promise((resolve) => {
      child.once('exit', (code) => resolve(code ?? undefined));
    });
    // A write to a program that has just ended; `write` tells its caller.
    child.stdin.on('error', () => undefined);
  }

  get stdout(): AsyncIterable<Uint8Array> {
    return this.#child.stdout as AsyncIterable<Uint8Array>;
  }

  get stderr(): AsyncIterable<Uint8Array> {
    return this.#child.stderr as AsyncIterable<Uint8Array>;
  }

  write(bytes: Uint8Array): Promise<Result<void>> {
    return new Promise((resolve) => {
      this.#child.stdin.write(bytes, (cause) => {
        if (cause === null || cause === undefined) resolve(ok(undefined));
        else resolve(err(failure('process.ended', { pid: this.pid, reason: cause.message }, cause)));
      });
    });
  }

  endInput(): void {
    this.#child.stdin.end();
  }

  signal(name: ProgramSignal): void {
    try {
      // The whole group, since a shell passes nothing on.
      process.kill(-this.pid, signalNames[name]);
    } catch {
      // Nothing is left of it.
    }
  }
}

const signalNames: Readonly<Record<ProgramSignal, NodeJS.Signals>> = {
  interrupt: 'SIGINT',
  break: 'SIGQUIT',
  kill: 'SIGKILL',
};
