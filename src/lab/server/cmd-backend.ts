import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { CommandLine } from '../../wire/wsman/command-line.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import type { BufferMode } from '../../wire/wsman/shell-description.ts';
import { signalCodes } from '../../wire/wsman/signal.ts';
import type { CmdEngine, CmdProcess } from './cmd-engine.ts';
import { faults } from './faults.ts';
import { OutputQueue } from './output-queue.ts';
import type { ShellBackend, ShellBackends, ShellInput, ShellOutput, ShellRequest } from './shell-backend.ts';

export interface CmdBackendOptions {
  /** Longest command line that cmd.exe takes; 8191 on every Windows. */
  readonly maxLineCharacters?: number;
}

const defaultMaxLineCharacters = 8191;

/** Makes cmd shells whose programs an engine runs. */
export function cmdBackends(engine: CmdEngine, options: CmdBackendOptions = {}): ShellBackends {
  return { open: async (request) => ok(new CmdBackend(request, engine, options)) };
}

interface RunningProgram {
  readonly output: OutputQueue;
  /** Undefined where it ended before it began. */
  process: CmdProcess | undefined;
}

/** A cmd shell: programs side by side, each with its own streams. */
export class CmdBackend implements ShellBackend {
  readonly #request: ShellRequest;
  readonly #engine: CmdEngine;
  readonly #options: CmdBackendOptions;
  readonly #programs = new Map<string, RunningProgram>();

  constructor(request: ShellRequest, engine: CmdEngine, options: CmdBackendOptions) {
    this.#request = request;
    this.#engine = engine;
    this.#options = options;
  }

  async command(commandId: string, line: CommandLine): Promise<Result<void, WsmanFault>> {
    if (this.#programs.has(commandId)) return err(faults.invalidRequest);
    const program: RunningProgram = { output: new OutputQueue({ splits: true }), process: undefined };
    this.#programs.set(commandId, program);
    const joined = [line.command, ...line.arguments].join(' ');
    if (joined.length > (this.#options.maxLineCharacters ?? defaultMaxLineCharacters)) {
      program.output.push(new TextEncoder().encode(tooLong), 'stderr');
      finish(program.output, 1);
      return ok(undefined);
    }
    const started = await this.#start(joined, line, program.output);
    if (!started.ok) this.#programs.delete(commandId);
    else this.#watch(commandId, program, started.value);
    return started.ok ? ok(undefined) : started;
  }

  async send(commandId: string | undefined, { data, end }: ShellInput): Promise<Result<void, WsmanFault>> {
    const program = this.#programs.get(commandId ?? '');
    if (program === undefined) return err(faults.unknownCommand);
    if (data.length > 0) await program.process?.write(data);
    if (end) program.process?.endInput();
    return ok(undefined);
  }

  async receive(
    commandId: string | undefined,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Result<ShellOutput, WsmanFault>> {
    const program = this.#programs.get(commandId ?? '');
    return program === undefined ? err(faults.unknownCommand) : program.output.take(maxBytes, signal);
  }

  restore(commandId: string | undefined, output: ShellOutput): void {
    this.#programs.get(commandId ?? '')?.output.restore(output);
  }

  async signal(commandId: string, code: string): Promise<Result<void, WsmanFault>> {
    const program = this.#programs.get(commandId);
    if (program === undefined) return err(faults.unknownCommand);
    // pywinrm writes `terminate`, which Windows takes as well.
    switch (code.toLowerCase()) {
      case signalCodes.ctrlC:
        interrupt(program, 'ctrl-c');
        return ok(undefined);
      case signalCodes.ctrlBreak:
        interrupt(program, 'ctrl-break');
        return ok(undefined);
      case signalCodes.terminate.toLowerCase():
        this.#programs.delete(commandId);
        end(program);
        return ok(undefined);
      default:
        return err(faults.invalidRequest);
    }
  }

  setBufferMode(mode: BufferMode): void {
    for (const { output } of this.#programs.values()) output.setMode(mode);
  }

  async close(): Promise<void> {
    for (const program of this.#programs.values()) end(program);
    this.#programs.clear();
  }

  #start(joined: string, line: CommandLine, output: OutputQueue): Promise<Result<CmdProcess, WsmanFault>> {
    const { user, environment = {}, workingDirectory, codePage } = this.#request;
    return this.#engine.start(
      {
        ...{ line: joined, command: line.command, arguments: line.arguments },
        ...{ user, environment, workingDirectory, codePage },
      },
      {
        write: (stream, data) => {
          output.push(data, stream);
          return output.drained();
        },
      },
    );
  }

  #watch(commandId: string, program: RunningProgram, process: CmdProcess): void {
    program.process = process;
    // The shell may have been closed while the program started.
    if (this.#programs.get(commandId) !== program) process.kill();
    void process.exited.then((exitCode) => {
      program.process = undefined;
      finish(program.output, exitCode);
    });
  }
}

/** As Windows does it: each stream says that it ended, then the command. */
function finish(output: OutputQueue, exitCode: number): void {
  output.push(new Uint8Array(0), 'stdout', true);
  output.push(new Uint8Array(0), 'stderr', true);
  output.end(exitCode);
}

function interrupt({ output, process }: RunningProgram, how: 'ctrl-c' | 'ctrl-break'): void {
  // It ends behind output that nobody may be fetching any more.
  output.unbound();
  process?.interrupt(how);
}

function end({ output, process }: RunningProgram): void {
  process?.kill();
  output.break(faults.aborted);
}

const tooLong = 'The command line is too long.\r\n';
