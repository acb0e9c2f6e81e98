import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { parseCommandStarted, pipelineCommand } from '../wire/wsman/command.ts';
import type { PipelineCommand } from '../wire/wsman/command.ts';
import { commandLine } from '../wire/wsman/command-line.ts';
import type { CommandLine } from '../wire/wsman/command-line.ts';
import { parseConfigGot } from '../wire/wsman/config.ts';
import type { ServiceConfig } from '../wire/wsman/config.ts';
import { connect, parseConnected } from '../wire/wsman/connect.ts';
import type { Connect, Connected } from '../wire/wsman/connect.ts';
import { createShell } from '../wire/wsman/create-shell.ts';
import type { CreateShell } from '../wire/wsman/create-shell.ts';
import { deleteShell } from '../wire/wsman/delete.ts';
import { disconnect, reconnect } from '../wire/wsman/disconnect.ts';
import type { Disconnect } from '../wire/wsman/disconnect.ts';
import { parseCommandsEnumerated, parseShellsEnumerated } from '../wire/wsman/enumerated.ts';
import type { CommandDescription } from '../wire/wsman/enumerated.ts';
import type { WsmanMessage, WsmanOption } from '../wire/wsman/envelope.ts';
import { isAlreadyThere, isGone, isTimedOut } from '../wire/wsman/fault-failure.ts';
import { get, parseShellGot } from '../wire/wsman/get-shell.ts';
import { resourceUris } from '../wire/wsman/namespaces.ts';
import { parseReceived, receive } from '../wire/wsman/receive.ts';
import type { Receive, Received } from '../wire/wsman/receive.ts';
import { send } from '../wire/wsman/send.ts';
import type { Send } from '../wire/wsman/send.ts';
import { parseShellCreated } from '../wire/wsman/shell-created.ts';
import type { ShellCreated } from '../wire/wsman/shell-created.ts';
import type { ShellDescription } from '../wire/wsman/shell-description.ts';
import { signal as signalMessage, signalCodes } from '../wire/wsman/signal.ts';
import type { Signal } from '../wire/wsman/signal.ts';
import { enumerateAll } from './enumerate-all.ts';
import { EnvelopeSize } from './envelope-size.ts';
import { PersistentExchange } from './persistent-exchange.ts';
import type { PersistentExchangeOptions } from './persistent-exchange.ts';
import type { ShellRef, WsmanExchange } from './wsman-exchange.ts';

export interface WsmanClientOptions extends Omit<PersistentExchangeOptions, 'envelopes'> {
  /** Shared by all connections to one host; one of its own unless given. */
  readonly envelopes?: EnvelopeSize;
}

/**
 * The shell verbs of WS-Man over one connection.
 *
 * All fail with `net.*`, `auth.*`, `http.*` where no answer came, and with `wsman.*` where a fault came. Where
 * `sent` is true in the details, or missing, the request may have taken effect. A host that has no room, or whose
 * service is starting, is waited for.
 */
export class WsmanClient {
  readonly #exchange: PersistentExchange;
  readonly #envelopes: EnvelopeSize;

  constructor(exchange: WsmanExchange, options: WsmanClientOptions) {
    this.#envelopes = options.envelopes ?? new EnvelopeSize();
    this.#exchange = new PersistentExchange(exchange, { ...options, envelopes: this.#envelopes });
  }

  /** Largest payload of one Command or Send, before base64. */
  get maxPayloadBytes(): number {
    return this.#envelopes.maxPayloadBytes;
  }

  /** Once the server has shown that it is no older than Windows 8. */
  useLargeEnvelopes(): void {
    this.#envelopes.useLarge();
  }

  /**
   * Makes a shell. Under a ShellId of ours it is repeated once where the answer got lost; after a failure with `sent`
   * in its details the shell may exist, and is to be deleted by that id.
   */
  async create(
    resourceUri: string,
    request: CreateShell,
    options: readonly WsmanOption[],
    signal: AbortSignal,
  ): Promise<Result<ShellCreated>> {
    const { shellId } = request;
    const message = createShell(request, options);
    const repeatability = shellId === undefined ? 'never' : 'create';
    const { answer, lost } = await this.#exchange.ask(message, { resourceUri }, repeatability, signal);
    const created = this.#exchange.read(answer, message, parseShellCreated);
    if (created.ok || lost === 0) return created;
    // Nobody else has this id, so the first Create made it.
    if (shellId !== undefined && answer.kind === 'fault' && isAlreadyThere(answer.fault))
      return ok({ shellId, resourceUri });
    const { code, details } = created.error;
    return err(failure(code, { ...details, sent: true }, created.error));
  }

  /** Starts a pipeline and gives its id. Never repeated once sent, since it may run although the answer was lost. */
  command(shell: ShellRef, request: PipelineCommand, signal: AbortSignal): Promise<Result<string>> {
    return this.#exchange.perform(pipelineCommand(request), shell, parseCommandStarted, 'never', signal);
  }

  /** Starts a program in a cmd shell and gives its id. Never repeated once sent, like `command`. */
  run(shell: ShellRef, request: CommandLine, signal: AbortSignal): Promise<Result<string>> {
    return this.#exchange.perform(commandLine(request), shell, parseCommandStarted, 'never', signal);
  }

  /** Never repeated once sent: a fragment that arrives twice spoils the pipeline. */
  send(shell: ShellRef, request: Send, signal: AbortSignal): Promise<Result<void>> {
    return this.#exchange.perform(send(request), shell, nothing, 'never', signal);
  }

  /**
   * Waits for output, at most OperationTimeout; nothing within it is an empty answer.
   *
   * A Receive whose answer got lost is asked for again under the same MessageID, for which servers keep it. Failures
   * `wsman.aborted` and `wsman.disconnected` are the normal end of one that waits while its shell is closed or
   * disconnected.
   *
   * @param messageId - Of an earlier Receive that got no answer; a new one unless given.
   */
  async receive(
    shell: ShellRef,
    request: Receive,
    signal: AbortSignal,
    messageId?: string,
  ): Promise<Result<Received>> {
    const message = receive(request);
    const { answer } = await this.#exchange.ask(message, shell, 'receive', signal, messageId);
    if (answer.kind === 'fault' && isTimedOut(answer.fault)) return ok(nothingYet);
    return this.#exchange.read(answer, message, parseReceived);
  }

  /** Terminate is repeated, and succeeds where the command is gone; a signal that stops is sent once. */
  signal(shell: ShellRef, request: Signal, signal: AbortSignal): Promise<Result<void>> {
    const message = signalMessage(request);
    if (request.code === signalCodes.terminate) return this.#free(message, shell, signal);
    return this.#exchange.perform(message, shell, nothing, 'never', signal);
  }

  /** Frees the shell; one that is gone already is fine. */
  delete(shell: ShellRef, signal: AbortSignal): Promise<Result<void>> {
    return this.#free(deleteShell(), shell, signal);
  }

  disconnect(shell: ShellRef, request: Disconnect, signal: AbortSignal): Promise<Result<void>> {
    return this.#exchange.perform(disconnect(request), shell, nothing, 'any', signal);
  }

  /** Takes a shell of this very session up again. */
  reconnect(shell: ShellRef, signal: AbortSignal): Promise<Result<void>> {
    return this.#exchange.perform(reconnect(), shell, nothing, 'any', signal);
  }

  /** Takes over a shell, or one of its commands, that another session has left. */
  connect(
    shell: ShellRef,
    request: Connect,
    options: readonly WsmanOption[],
    signal: AbortSignal,
  ): Promise<Result<Connected>> {
    return this.#exchange.perform(connect(request, options), shell, parseConnected, 'never', signal);
  }

  /** What the server tells about a shell, whatever its kind; `wsman.shell-gone` where there is none. */
  getShell(shellId: string, signal: AbortSignal): Promise<Result<ShellDescription>> {
    const shell = { resourceUri: resourceUris.shells, shellId };
    return this.#exchange.perform(get(), shell, parseShellGot, 'any', signal);
  }

  /** The service's settings; `wsman.access-denied` for all but administrators. */
  getConfig(signal: AbortSignal): Promise<Result<ServiceConfig>> {
    return this.#exchange.perform(get(), { resourceUri: resourceUris.config }, parseConfigGot, 'any', signal);
  }

  /** The shells that this account may see, of every kind. */
  listShells(signal: AbortSignal): Promise<Result<readonly ShellDescription[]>> {
    const list = { resourceUri: resourceUris.shells, parse: parseShellsEnumerated };
    return enumerateAll(this.#exchange, list, signal);
  }

  /** The commands of one shell that were not terminated. */
  listCommands(shellId: string, signal: AbortSignal): Promise<Result<readonly CommandDescription[]>> {
    const list = { resourceUri: resourceUris.commands, shellId, parse: parseCommandsEnumerated };
    return enumerateAll(this.#exchange, list, signal);
  }

  close(): void {
    this.#exchange.close();
  }

  async #free(message: WsmanMessage, shell: ShellRef, signal: AbortSignal): Promise<Result<void>> {
    const { answer } = await this.#exchange.ask(message, shell, 'any', signal);
    if (answer.kind === 'fault' && isGone(answer.fault)) return ok(undefined);
    return this.#exchange.read(answer, message, nothing);
  }
}

const nothing = (): Result<void> => ok(undefined);
const nothingYet: Received = { streams: [], state: undefined, exitCode: undefined };
