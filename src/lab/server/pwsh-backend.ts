import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { seconds } from '../../core/time.ts';
import type { ChildProcess, ChildProcesses } from '../../ports/child-process.ts';
import type { Timers } from '../../ports/timers.ts';
import type { CommandLine } from '../../wire/wsman/command-line.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import type { BufferMode } from '../../wire/wsman/shell-description.ts';
import { signalCodes } from '../../wire/wsman/signal.ts';
import { faults, pluginFault } from './faults.ts';
import { OutputQueue } from './output-queue.ts';
import { PipelineEnd } from './pipeline-end.ts';
import { pipelineFragments, pipelineQueue } from './pipeline-queue.ts';
import { PwshIntroduction } from './pwsh-introduction.ts';
import { PwshProcess } from './pwsh-process.ts';
import type { ShellBackend, ShellBackends, ShellInput, ShellOutput } from './shell-backend.ts';

export interface PwshOptions {
  /** Path of `pwsh`. */
  readonly program: string;
  readonly processes: ChildProcesses;
  readonly timers: Timers;
  readonly env?: Readonly<Record<string, string>>;
}

/** Makes shells that are a real PowerShell, one process each. */
export function pwshBackends(options: PwshOptions): ShellBackends {
  return {
    open: async (request) => {
      const { processes, program, env } = options;
      const started = await processes.spawn(program, ['-NoLogo', '-NoProfile', '-s'], env);
      if (!started.ok) return err(pluginFault(started.error.message));
      const backend = new PwshBackend(started.value, options.timers, request.creationXml);
      const input = { stream: 'stdin', data: request.creationXml, end: false } as const;
      const opened = await backend.send(undefined, input);
      if (!opened.ok) {
        await backend.close();
        return opened;
      }
      return ok(backend);
    },
  };
}

/** Closing waits this long for PowerShell to agree. */
const closeGrace = seconds(5);

/** Bridges a shell to PowerShell's server mode over standard input and output (winrm.md §5). */
export class PwshBackend implements ShellBackend {
  readonly #process: PwshProcess;
  readonly #timers: Timers;
  readonly #introduction: PwshIntroduction;
  readonly #pool = new OutputQueue();
  #bufferMode: BufferMode = 'Block';
  readonly #pipelines = new Map<string, { readonly output: OutputQueue; readonly end: PipelineEnd }>();

  constructor(process: ChildProcess, timers: Timers, creationXml: Uint8Array) {
    this.#timers = timers;
    this.#introduction = new PwshIntroduction(creationXml);
    this.#process = new PwshProcess(process, {
      data: (owner, fragments) => this.#take(owner, fragments),
      gone: () => this.#breakAll(),
    });
  }

  async command(commandId: string, line: CommandLine): Promise<Result<void, WsmanFault>> {
    const fragments = pipelineFragments(line);
    if (fragments === undefined || this.#pipelines.has(commandId)) return err(faults.invalidRequest);
    const output = pipelineQueue(this.#bufferMode);
    this.#pipelines.set(commandId, { output, end: new PipelineEnd() });
    const done =
      (await this.#process.control('Command', commandId)) &&
      (await this.#process.data(commandId, 'Default', fragments));
    return done ? ok(undefined) : err(faults.hostProcessGone);
  }

  async send(commandId: string | undefined, { stream, data }: ShellInput): Promise<Result<void, WsmanFault>> {
    if (commandId !== undefined && !this.#pipelines.has(commandId)) return err(faults.unknownCommand);
    const name = stream === 'pr' ? 'PromptResponse' : 'Default';
    const done = await this.#process.data(commandId, name, data);
    return done ? ok(undefined) : err(faults.hostProcessGone);
  }

  async receive(
    commandId: string | undefined,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Result<ShellOutput, WsmanFault>> {
    const queue = commandId === undefined ? this.#pool : this.#pipelines.get(commandId)?.output;
    return queue === undefined ? err(faults.unknownCommand) : queue.take(maxBytes, signal);
  }

  async signal(commandId: string, code: string): Promise<Result<void, WsmanFault>> {
    if (!this.#pipelines.has(commandId)) return err(faults.unknownCommand);
    const stops = code === signalCodes.stopPipeline;
    // The acknowledgement stands behind output that nobody may be fetching any more.
    this.#pipelines.get(commandId)?.output.unbound();
    const done = await this.#process.control(stops ? 'Signal' : 'Close', commandId);
    if (!stops) this.#forget(commandId);
    return done ? ok(undefined) : err(faults.hostProcessGone);
  }

  restore(commandId: string | undefined, output: ShellOutput): void {
    const queue = commandId === undefined ? this.#pool : this.#pipelines.get(commandId)?.output;
    queue?.restore(output);
  }

  setBufferMode(mode: BufferMode): void {
    this.#bufferMode = mode;
    for (const { output } of this.#pipelines.values()) output.setMode(mode);
  }

  async connect(connectXml: Uint8Array): Promise<Result<Uint8Array, WsmanFault>> {
    const answer = this.#introduction.answer(connectXml);
    if (!answer.ok) return answer;
    // What the client before it did not fetch of the pool was meant for it alone.
    this.#pool.clear();
    for (const fragments of this.#introduction.privateData) this.#pool.push(fragments);
    return answer;
  }

  async close(): Promise<void> {
    for (const { output } of this.#pipelines.values()) output.unbound();
    const grace = new AbortController();
    await Promise.race([this.#closeGently(), this.#timers.sleep(closeGrace, grace.signal)]);
    grace.abort();
    await this.#process.kill();
  }

  /** The pool's Close blocks while a pipeline is open, so those go first. */
  async #closeGently(): Promise<void> {
    for (const commandId of [...this.#pipelines.keys()]) {
      await this.#process.control('Close', commandId);
      this.#forget(commandId);
    }
    await this.#process.control('Close', undefined);
  }

  async #take(owner: string | undefined, fragments: Uint8Array): Promise<void> {
    if (owner === undefined) {
      this.#introduction.watch(fragments);
      this.#pool.push(fragments);
      return;
    }
    const pipeline = this.#pipelines.get(owner);
    if (pipeline === undefined) return;
    pipeline.output.push(fragments);
    if (pipeline.end.isReachedBy(fragments)) pipeline.output.end();
    await pipeline.output.drained();
  }

  #forget(commandId: string): void {
    this.#pipelines.get(commandId)?.output.break(faults.aborted);
    this.#pipelines.delete(commandId);
  }

  #breakAll(): void {
    for (const { output } of this.#pipelines.values()) output.break(faults.hostProcessGone);
    this.#pool.break(faults.hostProcessGone);
  }
}
