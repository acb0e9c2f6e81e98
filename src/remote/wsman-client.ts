import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Entropy } from '../ports/entropy.ts';
import { parseCommandStarted, pipelineCommand } from '../wire/wsman/command.ts';
import type { PipelineCommand } from '../wire/wsman/command.ts';
import { createShell } from '../wire/wsman/create-shell.ts';
import type { CreateShell } from '../wire/wsman/create-shell.ts';
import { deleteShell } from '../wire/wsman/delete.ts';
import type { WsmanMessage, WsmanOption } from '../wire/wsman/envelope.ts';
import { faultFailure, isTimedOut } from '../wire/wsman/fault-failure.ts';
import { actionName } from '../wire/wsman/namespaces.ts';
import type { Envelope } from '../wire/wsman/parse-envelope.ts';
import { parseReceived, receive } from '../wire/wsman/receive.ts';
import type { Receive, Received } from '../wire/wsman/receive.ts';
import { send } from '../wire/wsman/send.ts';
import type { Send } from '../wire/wsman/send.ts';
import { parseShellCreated } from '../wire/wsman/shell-created.ts';
import type { ShellCreated } from '../wire/wsman/shell-created.ts';
import { signal as signalMessage } from '../wire/wsman/signal.ts';
import type { Signal } from '../wire/wsman/signal.ts';
import type { ShellRef, WsmanAnswer, WsmanExchange } from './wsman-exchange.ts';

/** MaxEnvelopeSize of WinRM before Windows 8, which every server takes. */
const smallEnvelopeBytes = 153_600;
/** MaxEnvelopeSize since Windows 8. */
const largeEnvelopeBytes = 512_000;
/** Headers and markup of a Command or Send. */
const envelopeOverheadBytes = 2048;

/**
 * The shell verbs of WS-Man over one connection.
 *
 * All fail with `net.*`, `auth.*`, `http.*` where no answer came, and with `wsman.*` where a fault came.
 */
export class WsmanClient {
  readonly #exchange: WsmanExchange;
  readonly #entropy: Entropy;
  #maxEnvelopeBytes = smallEnvelopeBytes;

  constructor(exchange: WsmanExchange, entropy: Entropy) {
    this.#exchange = exchange;
    this.#entropy = entropy;
  }

  /** Largest payload of one Command or Send, before base64. */
  get maxPayloadBytes(): number {
    return Math.floor(((this.#maxEnvelopeBytes - envelopeOverheadBytes) * 3) / 4);
  }

  /** Once the server has shown that it is no older than Windows 8. */
  useLargeEnvelopes(): void {
    this.#maxEnvelopeBytes = largeEnvelopeBytes;
  }

  async create(
    resourceUri: string,
    request: CreateShell,
    options: readonly WsmanOption[],
    signal: AbortSignal,
  ): Promise<Result<ShellCreated>> {
    return this.#perform(createShell(request, options), { resourceUri }, parseShellCreated, signal);
  }

  /**
   * Starts a pipeline and gives its id. Never repeated, since it may have started although the answer was lost.
   */
  async command(shell: ShellRef, request: PipelineCommand, signal: AbortSignal): Promise<Result<string>> {
    return this.#perform(pipelineCommand(request), shell, parseCommandStarted, signal);
  }

  /** Never repeated: a fragment that arrives twice spoils the pipeline. */
  async send(shell: ShellRef, request: Send, signal: AbortSignal): Promise<Result<void>> {
    return this.#perform(send(request), shell, nothing, signal);
  }

  /**
   * Waits for output, at most OperationTimeout; nothing within it is an empty answer.
   *
   * A Receive whose answer got lost is asked for once more under the same MessageID, for which servers keep it.
   */
  async receive(shell: ShellRef, request: Receive, signal: AbortSignal): Promise<Result<Received>> {
    const message = receive(request);
    const messageId = this.#newMessageId();
    let answer = await this.#ask(message, messageId, shell, signal);
    if (isLost(answer) && !signal.aborted) answer = await this.#ask(message, messageId, shell, signal);
    if (answer.kind === 'fault' && isTimedOut(answer.fault)) return ok(nothingYet);
    return this.#read(answer, message, parseReceived);
  }

  async signal(shell: ShellRef, request: Signal, signal: AbortSignal): Promise<Result<void>> {
    return this.#perform(signalMessage(request), shell, nothing, signal);
  }

  async delete(shell: ShellRef, signal: AbortSignal): Promise<Result<void>> {
    return this.#perform(deleteShell(), shell, nothing, signal);
  }

  close(): void {
    this.#exchange.close();
  }

  async #perform<T>(
    message: WsmanMessage,
    shell: ShellRef,
    parse: (envelope: Envelope) => Result<T>,
    signal: AbortSignal,
  ): Promise<Result<T>> {
    const answer = await this.#ask(message, this.#newMessageId(), shell, signal);
    return this.#read(answer, message, parse);
  }

  #ask(message: WsmanMessage, messageId: string, shell: ShellRef, signal: AbortSignal): Promise<WsmanAnswer> {
    const ids = { messageId, maxEnvelopeBytes: this.#maxEnvelopeBytes };
    return this.#exchange.ask(message, shell, ids, signal);
  }

  #read<T>(answer: WsmanAnswer, message: WsmanMessage, parse: (envelope: Envelope) => Result<T>): Result<T> {
    if (answer.kind === 'envelope') return parse(answer.envelope);
    if (answer.kind === 'failure') return err(answer.failure);
    const during = { host: this.#exchange.host, action: actionName(message.action) };
    return err(faultFailure(answer.fault, during));
  }

  #newMessageId(): string {
    return this.#entropy.uuid().toUpperCase();
  }
}

const nothing = (): Result<void> => ok(undefined);
const nothingYet: Received = { streams: [], state: undefined, exitCode: undefined };

function isLost(answer: WsmanAnswer): boolean {
  return answer.kind === 'failure' && answer.failure.code === 'net.reset';
}
