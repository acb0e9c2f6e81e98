import type { Command } from 'commander';
import type { Runtime } from '../app/runtime.ts';
import type { Selection } from '../app/selection.ts';
import type { Result } from '../core/result.ts';
import type { ExitCode } from './exit-code.ts';
import type { Io, Paint } from './io.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json: boolean;
  readonly events: boolean;
  readonly lab: boolean;
  readonly stateDir: string;
  readonly verbose: boolean;
  readonly detailedExitcode: boolean;
}

/** One invocation of a command. */
export interface Call {
  readonly args: readonly (string | undefined)[];
  /** The command's own options. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly globals: GlobalOptions;
  readonly selection: Selection;
  readonly io: Io;
  readonly paint: Paint;
  /** Relative paths of the command line start here. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts at the first Ctrl-C. */
  readonly interrupt: AbortSignal;
  /** Composes the runtime (and, with `--lab`, starts the fleet); the caller of `run` closes it. */
  runtime(): Result<Runtime>;
}

/** A command of the command line: one file in `commands/` each. */
export interface CommandSpec {
  /** Name and arguments as commander spells them: `status [pattern]`. */
  readonly usage: string;
  readonly summary: string;
  /** Command lines for `--help`, each with a comment. */
  readonly examples: readonly (readonly [line: string, comment: string])[];
  /** Adds the command's own options. */
  readonly options?: (command: Command) => void;
  run(call: Call): ExitCode | Promise<ExitCode>;
}

/** Commands that stand together in `--help`. */
export interface CommandGroup {
  readonly heading: string;
  readonly commands: readonly CommandSpec[];
}
