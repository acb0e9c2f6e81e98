/// <reference lib="esnext.disposable" preserve="true" />
import { minutes, seconds } from '../../core/time.ts';
import type { ShellDescription } from '../../wire/wsman/shell-description.ts';
import type { CmdShell, CmdShellOptions } from '../cmd-shell.ts';
import { CmdRun } from './cmd-process.ts';
import type { CmdResult, StdinData } from './cmd-process.ts';
import type { PipelineTimeouts } from './pipeline-options.ts';
import { stopOn } from './stop-on.ts';
import { optionalDuration } from './time-span.ts';
import type { TimeSpan } from './time-span.ts';

/** How programs of a cmd shell start. */
export interface CmdShellSettings {
  /** Variables on top of the account's own. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  /** Of what programs write; 65001, which is UTF-8, unless given. */
  readonly codePage?: number;
  /** After this long without a request the host deletes the shell, should we crash; 15 min unless given. */
  readonly idleTimeout?: TimeSpan;
  /** The host deletes the shell after this long, used or not. */
  readonly lifetime?: TimeSpan;
  /** For people who list the shells of the host. */
  readonly name?: string;
  /** Leave the account's profile unloaded; without effect since Windows Server 2012. */
  readonly noProfile?: boolean;
  /** How long a connection that breaks under a running program is tried again; 1 min unless given. */
  readonly reconnectFor?: TimeSpan;
}

export interface CmdOptions {
  /** The program's whole input: one piece, or several, sent as they come. */
  readonly stdin?: StdinData | Iterable<StdinData> | AsyncIterable<StdinData>;
  /** Stops the program: Control-C, then terminated, then given up. */
  readonly signal?: AbortSignal;
  readonly timeouts?: PipelineTimeouts;
  /** Bytes of both streams together after which the program is stopped with `pipeline.output-limit`. */
  readonly maxOutputBytes?: number;
  /** Start the program itself, by its full path; Windows ignores it since Server 2012 R2. */
  readonly skipCmdShell?: boolean;
  /** Whether the program has a console for its input (Windows' default) rather than a pipe. */
  readonly consoleInput?: boolean;
}

/**
 * A cmd shell on one host: programs with their bytes, exactly as they write them. Windows joins command and arguments
 * by blanks and quotes nothing, and cmd.exe takes at most 8191 characters.
 */
export class RemoteCmdShell implements AsyncDisposable {
  readonly #shell: CmdShell;
  readonly #closed: (shell: RemoteCmdShell) => void;

  /** @internal */
  constructor(shell: CmdShell, closed: (shell: RemoteCmdShell) => void) {
    this.#shell = shell;
    this.#closed = closed;
  }

  get id(): string {
    return this.#shell.shell.shellId;
  }

  /** What the host said of the shell when it made it: owner, timeouts, folder; old hosts say less, or nothing. */
  get description(): ShellDescription | undefined {
    return this.#shell.description;
  }

  /**
   * Runs a program to its end. A program that fails is a result with its exit code.
   *
   * Rejected with a `Failure`: as `RemotePipeline.result`, and `net.aborted` where `signal` stopped it.
   */
  async run(command: string, args: readonly string[] = [], options: CmdOptions = {}): Promise<CmdResult> {
    return this.start(command, args, options).result;
  }

  /**
   * Starts a program, to be read while it runs.
   *
   * @param options - Without `stdin` its input stays open for `write` and `endInput`.
   */
  start(command: string, args: readonly string[] = [], options: CmdOptions = {}): CmdRun {
    const { stdin, signal, timeouts, maxOutputBytes, skipCmdShell, consoleInput } = options;
    const total = optionalDuration(timeouts?.total);
    const inactivity = optionalDuration(timeouts?.inactivity);
    const process = this.#shell.start({
      line: {
        ...{ command, arguments: args },
        ...(skipCmdShell === undefined ? {} : { skipCmdShell }),
        ...(consoleInput === undefined ? {} : { consoleInput }),
      },
      timeouts: {
        ...(total === undefined ? {} : { total }),
        ...(inactivity === undefined ? {} : { inactivity }),
      },
      ...(maxOutputBytes === undefined ? {} : { maxOutputBytes }),
    });
    const run = new CmdRun(process, { host: this.#shell.host.host, what: command });
    stopOn(signal, () => run.giveUp(), process.ended);
    if (stdin !== undefined) void run.feed(stdin);
    return run;
  }

  /** Deletes the shell on the host, with what runs in it. Never rejects. */
  async close(): Promise<void> {
    await this.#shell.close();
    this.#closed(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The settings in the units of the wire. @throws TypeError for lengths of time that are none. */
export function cmdSettings(
  settings: CmdShellSettings,
): Omit<CmdShellOptions, 'link' | 'timers' | 'entropy'> {
  const { codePage = 65_001, idleTimeout, lifetime, reconnectFor, ...others } = settings;
  const bound = optionalDuration(lifetime);
  return {
    ...others,
    ...(bound === undefined ? {} : { lifetime: bound }),
    codePage,
    idleTimeout: optionalDuration(idleTimeout) ?? minutes(15),
    reconnectFor: optionalDuration(reconnectFor) ?? seconds(60),
  };
}
