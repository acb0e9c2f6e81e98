import type { Result } from '../core/result.ts';

/** A program that was started, with its standard streams as lines. */
export interface ChildProcess {
  readonly pid: number;
  /** Lines of standard output, without their ends. */
  readonly lines: AsyncIterable<string>;
  /** What came on standard error so far, at most the last 64 KiB. */
  readonly stderr: string;
  writeLine(line: string): Promise<Result<void>>;
  kill(): void;
  readonly exited: Promise<number>;
}

export interface ChildProcesses {
  spawn(
    program: string,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<Result<ChildProcess>>;
}
