import type { Result } from '../../core/result.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';

/** A program as it reached a lab host. */
export interface CmdCall {
  /** Command and arguments joined by blanks, as Windows hands them to cmd.exe. */
  readonly line: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string | undefined;
  readonly codePage: number | undefined;
  /** Who is logged on. */
  readonly user: string;
}

/** Where a program writes. */
export interface CmdOutput {
  /** Resolves when there is room for more. */
  write(stream: 'stdout' | 'stderr', data: Uint8Array): Promise<void>;
}

/** A program that runs. */
export interface CmdProcess {
  write(data: Uint8Array): Promise<void>;
  endInput(): void;
  interrupt(how: 'ctrl-c' | 'ctrl-break'): void;
  kill(): void;
  /** Resolves after the last byte was written. */
  readonly exited: Promise<number>;
}

/** Runs the programs of a lab host's cmd shells; a fault tells why one did not start. */
export interface CmdEngine {
  start(call: CmdCall, output: CmdOutput): Promise<Result<CmdProcess, WsmanFault>>;
}
