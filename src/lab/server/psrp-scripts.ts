import { toJson } from '../../core/ps-json.ts';
import type { PsValue } from '../../core/ps-value.ts';
import type { ScriptError } from '../../ports/session.ts';
import type { PsCommand } from '../../wire/psrp/command.ts';
import { errorRecord } from '../../wire/psrp/error-record.ts';
import type { PsrpServer } from '../../wire/psrp/server.ts';
import type { BufferMode } from '../../wire/wsman/shell-description.ts';
import { faults } from './faults.ts';
import { refusalOf } from './no-language.ts';
import type { NoLanguage } from './no-language.ts';
import type { OutputQueue } from './output-queue.ts';
import { pipelineQueue } from './pipeline-queue.ts';
import { toErrorRecord } from './script-error.ts';
import type { ScriptCall, ScriptEngine, ScriptStreams } from './script-engine.ts';

export interface PsrpScriptsOptions {
  readonly server: PsrpServer;
  readonly engine: ScriptEngine;
  /** Who is logged on. */
  readonly user: string;
  readonly noLanguage: NoLanguage | undefined;
}

interface RunningScript {
  readonly output: OutputQueue;
  readonly stop: AbortController;
  readonly input: PsValue[];
  /** Set once the whole of CREATE_PIPELINE has come. */
  commands?: readonly PsCommand[];
}

/** The pipelines of one pool: what runs them, and the output that waits for the client. */
export class PsrpScripts {
  readonly #options: PsrpScriptsOptions;
  readonly #scripts = new Map<string, RunningScript>();
  #bufferMode: BufferMode = 'Block';

  constructor(options: PsrpScriptsOptions) {
    this.#options = options;
  }

  get running(): number {
    return [...this.#scripts.values()].filter(({ output }) => !output.hasEnded).length;
  }

  output(id: string): OutputQueue | undefined {
    return this.#scripts.get(id)?.output;
  }

  /** Makes room for a pipeline whose fragments begin to arrive. */
  add(id: string): void {
    const output = pipelineQueue(this.#bufferMode);
    this.#scripts.set(id, { output, stop: new AbortController(), input: [] });
  }

  setBufferMode(mode: BufferMode): void {
    this.#bufferMode = mode;
    for (const { output } of this.#scripts.values()) output.setMode(mode);
  }

  /** Runs the pipeline, at once or when its input has come. */
  begin(id: string, commands: readonly PsCommand[], noInput: boolean): void {
    const script = this.#scripts.get(id);
    if (script === undefined) return;
    script.commands = commands;
    if (noInput) void this.#run(id, script);
  }

  takeInput(id: string, value: PsValue): void {
    this.#scripts.get(id)?.input.push(value);
  }

  endInput(id: string): void {
    const script = this.#scripts.get(id);
    if (script !== undefined) void this.#run(id, script);
  }

  /** Ends the pipeline as Completed, or as Failed with an error. */
  end(id: string, error?: ScriptError): void {
    const { server } = this.#options;
    if (error === undefined) server.finish(id, 'Completed');
    else server.finish(id, 'Failed', toErrorRecord(error));
    this.flush(id);
    this.#scripts.get(id)?.output.end();
  }

  stop(id: string): void {
    const script = this.#scripts.get(id);
    if (script === undefined || script.stop.signal.aborted) return;
    this.#options.server.finish(id, 'Stopped', stoppedRecord);
    this.flush(id);
    script.stop.abort();
    script.output.end();
  }

  remove(id: string): void {
    const script = this.#scripts.get(id);
    if (script === undefined) return;
    this.#scripts.delete(id);
    this.#options.server.close(id);
    script.stop.abort();
    script.output.break(faults.aborted);
  }

  removeAll(): void {
    for (const id of [...this.#scripts.keys()]) this.remove(id);
  }

  flush(id: string): void {
    const queue = this.output(id);
    for (const fragment of this.#options.server.take(id)) queue?.push(fragment);
  }

  async #run(id: string, script: RunningScript): Promise<void> {
    const { engine, user, noLanguage } = this.#options;
    const { commands, input, stop } = script;
    if (commands === undefined) return;
    const refused = noLanguage && refusalOf(commands, noLanguage);
    if (refused !== undefined) {
      this.end(id, refused);
      return;
    }
    const call = { ...scriptCall(commands, user), input };
    const result = await engine.run(call, this.#streams(id, script.output), stop.signal);
    if (!stop.signal.aborted) this.end(id, result.ok ? undefined : result.error);
  }

  #streams(id: string, output: OutputQueue): ScriptStreams {
    const { server } = this.#options;
    const flushed =
      <Argument>(write: (argument: Argument) => void) =>
      (argument: Argument): void => {
        write(argument);
        this.flush(id);
      };
    return {
      output: flushed((value) => server.output(id, value)),
      error: flushed((error: ScriptError) => server.error(id, toErrorRecord(error))),
      warning: flushed((text) => server.message(id, 'warning', text)),
      verbose: flushed((text) => server.message(id, 'verbose', text)),
      drained: () => output.drained(),
    };
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
