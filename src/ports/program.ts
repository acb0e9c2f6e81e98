import type { Result } from '../core/result.ts';

/** How a running program is told to end: as Ctrl-C does, as Ctrl-Break does, or at once. */
export type ProgramSignal = 'interrupt' | 'break' | 'kill';

/** A program that was started, with its standard streams as bytes. */
export interface Program {
  readonly pid: number;
  /** Read by one reader; the program waits while nobody reads. */
  readonly stdout: AsyncIterable<Uint8Array>;
  readonly stderr: AsyncIterable<Uint8Array>;
  /** Resolves once the program's input has room again; failure `process.ended`. */
  write(bytes: Uint8Array): Promise<Result<void>>;
  endInput(): void;
  /** Reaches what the program itself has started too. */
  signal(name: ProgramSignal): void;
  /** The exit code; undefined where a signal ended it. */
  readonly exited: Promise<number | undefined>;
}

export interface ProgramOptions {
  /** On top of this process's own variables. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
}

export interface Programs {
  /** Failure `process.not-started`. */
  start(program: string, args: readonly string[], options?: ProgramOptions): Promise<Result<Program>>;
}
