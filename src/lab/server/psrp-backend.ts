import { psRecord } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Entropy } from '../../ports/entropy.ts';
import type { RunspaceRequest } from '../../wire/psrp/runspace-requests.ts';
import type { PsrpServerEvent } from '../../wire/psrp/server-event.ts';
import { PsrpServer } from '../../wire/psrp/server.ts';
import type { PsrpServerOptions } from '../../wire/psrp/server-options.ts';
import { sessionKeyPaddingBytes } from '../../wire/psrp/session-key.ts';
import type { CommandLine } from '../../wire/wsman/command-line.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import type { BufferMode } from '../../wire/wsman/shell-description.ts';
import { signalCodes } from '../../wire/wsman/signal.ts';
import { faults, pluginFault } from './faults.ts';
import type { NoLanguage } from './no-language.ts';
import { OutputQueue } from './output-queue.ts';
import { pipelineFragments } from './pipeline-queue.ts';
import { PsrpScripts } from './psrp-scripts.ts';
import type { ScriptEngine } from './script-engine.ts';
import type { ShellBackend, ShellBackends, ShellInput, ShellOutput, ShellRequest } from './shell-backend.ts';

export interface PsrpBackendOptions extends PsrpServerOptions {
  /** Where the configuration runs no scripts. */
  readonly noLanguage?: NoLanguage;
  /** For session keys; without it a client that sends its public key gets none. */
  readonly entropy?: Entropy;
}

/** Makes shells whose PowerShell is a script engine in this process. */
export function psrpBackends(engine: ScriptEngine, options: PsrpBackendOptions): ShellBackends {
  return {
    open: async (request) => PsrpBackend.open(request, engine, options),
  };
}

/** A runspace pool on the server half of PSRP; a `ScriptEngine` runs the scripts. */
export class PsrpBackend implements ShellBackend {
  readonly #entropy: Entropy | undefined;
  readonly #server: PsrpServer;
  readonly #scripts: PsrpScripts;
  readonly #pool = new OutputQueue();
  #maxRunspaces = 1;

  private constructor(engine: ScriptEngine, user: string, options: PsrpBackendOptions) {
    this.#entropy = options.entropy;
    this.#server = new PsrpServer(options);
    const { noLanguage } = options;
    this.#scripts = new PsrpScripts({ server: this.#server, engine, user, noLanguage });
  }

  /** Does the PSRP handshake; a pool that cannot be read is a fault of the plug-in. */
  static open(
    request: ShellRequest,
    engine: ScriptEngine,
    options: PsrpBackendOptions,
  ): Result<PsrpBackend, WsmanFault> {
    const backend = new PsrpBackend(engine, request.user, options);
    const taken = backend.#receive(request.creationXml, undefined);
    return taken.ok ? ok(backend) : taken;
  }

  async command(commandId: string, line: CommandLine): Promise<Result<void, WsmanFault>> {
    const fragments = pipelineFragments(line);
    const isKnown = this.#scripts.output(commandId) !== undefined;
    if (fragments === undefined || isKnown) return err(faults.invalidRequest);
    this.#scripts.add(commandId);
    return this.#receive(fragments, commandId);
  }

  async send(commandId: string | undefined, { data }: ShellInput): Promise<Result<void, WsmanFault>> {
    return this.#queue(commandId) === undefined ? err(faults.unknownCommand) : this.#receive(data, commandId);
  }

  async receive(
    commandId: string | undefined,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Result<ShellOutput, WsmanFault>> {
    const queue = this.#queue(commandId);
    return queue === undefined ? err(faults.unknownCommand) : queue.take(maxBytes, signal);
  }

  restore(commandId: string | undefined, output: ShellOutput): void {
    this.#queue(commandId)?.restore(output);
  }

  async signal(commandId: string, code: string): Promise<Result<void, WsmanFault>> {
    if (this.#scripts.output(commandId) === undefined) return err(faults.unknownCommand);
    if (code === signalCodes.stopPipeline) this.#scripts.stop(commandId);
    else this.#scripts.remove(commandId);
    return ok(undefined);
  }

  setBufferMode(mode: BufferMode): void {
    this.#scripts.setBufferMode(mode);
  }

  async connect(connectXml: Uint8Array): Promise<Result<Uint8Array, WsmanFault>> {
    const answer = this.#server.connect(connectXml);
    if (!answer.ok) return err(pluginFault(answer.error.message));
    // What the client before it did not fetch of the pool was meant for it alone.
    this.#pool.clear();
    this.#flush();
    return answer;
  }

  async close(): Promise<void> {
    this.#scripts.removeAll();
    this.#pool.break(faults.aborted);
  }

  #queue(commandId: string | undefined): OutputQueue | undefined {
    return commandId === undefined ? this.#pool : this.#scripts.output(commandId);
  }

  #receive(bytes: Uint8Array, commandId: string | undefined): Result<void, WsmanFault> {
    const taken = this.#server.receive(bytes, commandId);
    if (!taken.ok) return err(pluginFault(taken.error.message));
    for (let event = this.#server.next(); event !== undefined; event = this.#server.next())
      this.#handle(event);
    this.#flush();
    return ok(undefined);
  }

  #handle(event: PsrpServerEvent): void {
    switch (event.kind) {
      case 'open':
        this.#maxRunspaces = event.maxRunspaces;
        this.#server.opened();
        return;
      case 'pipeline':
        this.#scripts.begin(event.pipelineId, event.commands, event.noInput);
        return;
      case 'input':
        this.#scripts.takeInput(event.pipelineId, event.value);
        return;
      case 'end-of-input':
        this.#scripts.endInput(event.pipelineId);
        return;
      case 'command-query':
        this.#server.output(event.pipelineId, psRecord({ Count: 0 }));
        this.#scripts.end(event.pipelineId);
        return;
      case 'runspace-request':
        this.#server.answerRequest({ callId: event.callId, answer: this.#grant(event.request) });
        return;
      case 'public-key':
        this.#sendSessionKey();
        return;
      case 'host-response':
      case 'pool-message':
        return;
    }
    event satisfies never;
  }

  #grant(request: RunspaceRequest): boolean | number {
    switch (request.kind) {
      case 'get-available-runspaces':
        return Math.max(0, this.#maxRunspaces - this.#scripts.running);
      case 'set-max-runspaces':
        if (request.count < 1) return false;
        this.#maxRunspaces = request.count;
        return true;
      case 'set-min-runspaces':
        return request.count >= 1 && request.count <= this.#maxRunspaces;
      case 'reset-runspace-state':
        return true;
    }
    request satisfies never;
  }

  /** A public key that is none stays without an answer, as on Windows. */
  #sendSessionKey(): void {
    const entropy = this.#entropy;
    if (entropy !== undefined)
      this.#server.sendSessionKey(entropy.bytes(32), entropy.bytes(sessionKeyPaddingBytes));
  }

  #flush(): void {
    for (const fragment of this.#server.take()) this.#pool.push(fragment);
  }
}
