import { toJson } from '../../core/ps-json.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { ScriptError } from '../../ports/session.ts';
import type { PsCommand } from '../../wire/psrp/command.ts';
import { errorRecord } from '../../wire/psrp/error-record.ts';
import { PsrpServer } from '../../wire/psrp/server.ts';
import type { PsrpServerOptions } from '../../wire/psrp/server.ts';
import type { CommandLine } from '../../wire/wsman/command-line.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import type { BufferMode } from '../../wire/wsman/shell-description.ts';
import { signalCodes } from '../../wire/wsman/signal.ts';
import { faults, pluginFault } from './faults.ts';
import { OutputQueue } from './output-queue.ts';
import { pipelineFragments, pipelineQueue } from './pipeline-queue.ts';
import { toErrorRecord } from './script-error.ts';
import type { ScriptCall, ScriptEngine, ScriptStreams } from './script-engine.ts';
import type { ShellBackend, ShellBackends, ShellInput, ShellOutput, ShellRequest } from './shell-backend.ts';

interface RunningScript {
  readonly output: OutputQueue;
  readonly stop: AbortController;
}

/** Makes shells whose PowerShell is a script engine in this process. */
export function psrpBackends(engine: ScriptEngine, options: PsrpServerOptions): ShellBackends {
  return {
    open: async (request) => PsrpBackend.open(request, engine, options),
  };
}

/** A runspace pool on the server half of PSRP; a `ScriptEngine` runs the scripts. */
export class PsrpBackend implements ShellBackend {
  readonly #engine: ScriptEngine;
  readonly #user: string;
  readonly #server: PsrpServer;
  readonly #pool = new OutputQueue();
  #bufferMode: BufferMode = 'Block';
  readonly #scripts = new Map<string, RunningScript>();

  private constructor(engine: ScriptEngine, user: string, options: PsrpServerOptions) {
    this.#engine = engine;
    this.#user = user;
    this.#server = new PsrpServer(options);
  }

  /** Does the PSRP handshake; a pool that cannot be read is a fault of the plug-in. */
  static open(
    request: ShellRequest,
    engine: ScriptEngine,
    options: PsrpServerOptions,
  ): Result<PsrpBackend, WsmanFault> {
    const backend = new PsrpBackend(engine, request.user, options);
    const taken = backend.#receive(request.creationXml, undefined);
    return taken.ok ? ok(backend) : taken;
  }

  async command(commandId: string, line: CommandLine): Promise<Result<void, WsmanFault>> {
    const fragments = pipelineFragments(line);
    if (fragments === undefined || this.#scripts.has(commandId)) return err(faults.invalidRequest);
    const output = pipelineQueue(this.#bufferMode);
    this.#scripts.set(commandId, { output, stop: new AbortController() });
    return this.#receive(fragments, commandId);
  }

  async send(commandId: string | undefined, { data }: ShellInput): Promise<Result<void, WsmanFault>> {
    if (commandId !== undefined && !this.#scripts.has(commandId)) return err(faults.unknownCommand);
    return this.#receive(data, commandId);
  }

  async receive(
    commandId: string | undefined,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Result<ShellOutput, WsmanFault>> {
    const queue = commandId === undefined ? this.#pool : this.#scripts.get(commandId)?.output;
    return queue === undefined ? err(faults.unknownCommand) : queue.take(maxBytes, signal);
  }

  async signal(commandId: string, code: string): Promise<Result<void, WsmanFault>> {
    const script = this.#scripts.get(commandId);
    if (script === undefined) return err(faults.unknownCommand);
    if (code === signalCodes.stopPipeline) {
      this.#stop(commandId, script);
    } else {
      this.#scripts.delete(commandId);
      this.#server.close(commandId);
      this.#break(script);
    }
    return ok(undefined);
  }

  restore(commandId: string | undefined, output: ShellOutput): void {
    const queue = commandId === undefined ? this.#pool : this.#scripts.get(commandId)?.output;
    queue?.restore(output);
  }

  setBufferMode(mode: BufferMode): void {
    this.#bufferMode = mode;
    for (const { output } of this.#scripts.values()) output.setMode(mode);
  }

  async close(): Promise<void> {
    for (const script of this.#scripts.values()) this.#break(script);
    this.#scripts.clear();
    this.#pool.break(faults.aborted);
  }

  #receive(bytes: Uint8Array, commandId: string | undefined): Result<void, WsmanFault> {
    const taken = this.#server.receive(bytes, commandId);
    if (!taken.ok) return err(pluginFault(taken.error.message));
    for (let event = this.#server.next(); event !== undefined; event = this.#server.next()) {
      if (event.kind === 'open') this.#server.opened();
      if (event.kind === 'pipeline') void this.#run(event.pipelineId, event.commands);
    }
    this.#flush(undefined);
    return ok(undefined);
  }

  async #run(id: string, commands: readonly PsCommand[]): Promise<void> {
    const script = this.#scripts.get(id);
    if (script === undefined) return;
    const call = scriptCall(commands, this.#user);
    const result = await this.#engine.run(call, this.#streams(id), script.stop.signal);
    if (script.stop.signal.aborted) return;
    if (result.ok) this.#server.finish(id, 'Completed');
    else this.#server.finish(id, 'Failed', toErrorRecord(result.error));
    this.#flush(id);
    script.output.end();
  }

  #stop(id: string, script: RunningScript): void {
    if (script.stop.signal.aborted) return;
    this.#server.finish(id, 'Stopped', stoppedRecord);
    this.#flush(id);
    script.stop.abort();
    script.output.end();
  }

  #break(script: RunningScript): void {
    script.stop.abort();
    script.output.break(faults.aborted);
  }

  #streams(id: string): ScriptStreams {
    const flushed =
      <Argument>(write: (argument: Argument) => void) =>
      (argument: Argument): void => {
        write(argument);
        this.#flush(id);
      };
    return {
      output: flushed((value) => this.#server.output(id, value)),
      error: flushed((error: ScriptError) => this.#server.error(id, toErrorRecord(error))),
      warning: flushed((text) => this.#server.message(id, 'warning', text)),
      verbose: flushed((text) => this.#server.message(id, 'verbose', text)),
      drained: () => this.#scripts.get(id)?.output.drained() ?? Promise.resolve(),
    };
  }

  #flush(id: string | undefined): void {
    const queue = id === undefined ? this.#pool : this.#scripts.get(id)?.output;
    for (const fragment of this.#server.take(id)) queue?.push(fragment);
  }
}

const stoppedRecord = errorRecord({
  message: 'The pipeline has been stopped.',
  fullyQualifiedErrorId: 'PipelineStopped',
  category: 'OperationStopped',
  exceptionType: 'System.Management.Automation.PipelineStoppedException',
});

/** The commands of a pipeline as one text; the parameters are those of the first. */
function scriptCall(commands: readonly PsCommand[], user: string): ScriptCall {
  const parameters = (commands[0]?.parameters ?? []).map(
    ({ name, value }, index) => [name ?? String(index), toJson(value)] as const,
  );
  return {
    script: commands.map((command) => command.text).join(' | '),
    parameters: Object.fromEntries(parameters),
    user,
  };
}
