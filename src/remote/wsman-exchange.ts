import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import type { Target } from '../core/target.ts';
import { formatDuration, milliseconds, seconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import { buildRequest } from '../wire/wsman/envelope.ts';
import type { WsmanMessage } from '../wire/wsman/envelope.ts';
import { parseFault } from '../wire/wsman/fault-message.ts';
import type { WsmanFault } from '../wire/wsman/fault.ts';
import { actionName } from '../wire/wsman/namespaces.ts';
import { parseEnvelope } from '../wire/wsman/parse-envelope.ts';
import type { Envelope } from '../wire/wsman/parse-envelope.ts';
import type { EnvelopeCarrier } from './envelope-carrier.ts';

export interface WsmanExchangeOptions {
  readonly target: Target;
  readonly connection: EnvelopeCarrier;
  /** GUID that stays the same over all connections of a client. */
  readonly sessionId: string;
}

/** What a request is about: a resource, and the shell of it that is meant. */
export interface ShellRef {
  readonly resourceUri: string;
  /** Undefined for Create and for questions about all shells. */
  readonly shellId?: string;
}

export interface AskOptions {
  readonly messageId: string;
  readonly maxEnvelopeBytes: number;
  /** Whether it must not be sent twice. */
  readonly onceOnly?: boolean;
}

/** An envelope, the fault that came instead (an answer too, which some verbs look into), or no answer at all. */
export type WsmanAnswer =
  | { readonly kind: 'envelope'; readonly envelope: Envelope }
  | { readonly kind: 'fault'; readonly fault: WsmanFault }
  | { readonly kind: 'failure'; readonly failure: Failure };

/** The HTTP answer may take this much longer than the operation, so that the server's own fault arrives. */
const answerGrace = seconds(10);
/** Sealing and HTTP around an envelope. */
const sealingOverheadBytes = 65_536;

/** Sends one WS-Man request and reads what belongs to it. */
export class WsmanExchange {
  readonly #options: WsmanExchangeOptions;

  constructor(options: WsmanExchangeOptions) {
    this.#options = options;
  }

  get host(): string {
    return this.#options.target.host;
  }

  async ask(
    message: WsmanMessage,
    shell: ShellRef,
    { messageId, maxEnvelopeBytes, onceOnly = false }: AskOptions,
    signal: AbortSignal,
  ): Promise<WsmanAnswer> {
    const bytes = this.#build(message, shell, messageId, maxEnvelopeBytes);
    if (bytes.length > maxEnvelopeBytes) {
      const details = { bytes: bytes.length, maxBytes: maxEnvelopeBytes };
      return { kind: 'failure', failure: failure('wsman.envelope-too-large', details) };
    }
    const { connection, target } = this.#options;
    const timeout = milliseconds(target.operationTimeout + answerGrace);
    const maxResponseBytes = maxEnvelopeBytes + sealingOverheadBytes;
    const answer = await connection.post(bytes, signal, { timeout, maxResponseBytes, onceOnly });
    if (!answer.ok) return { kind: 'failure', failure: this.#unanswered(answer.error, message, timeout) };
    return readAnswer(answer.value.body, actionName(message.action), messageId);
  }

  close(): void {
    this.#options.connection.close();
  }

  /** A logon or a connection that took too long says so itself; what is left is the request. */
  #unanswered(reason: Failure, message: WsmanMessage, timeout: Duration): Failure {
    if (reason.code !== 'net.timeout' || reason.details['sent'] !== true) return reason;
    const details = { action: actionName(message.action), after: formatDuration(timeout) };
    return failure('net.no-answer', { ...reason.details, host: this.host, ...details }, reason);
  }

  #build(
    message: WsmanMessage,
    { resourceUri, shellId }: ShellRef,
    messageId: string,
    maxEnvelopeBytes: number,
  ): Uint8Array {
    const { target, sessionId } = this.#options;
    const { scheme, address, port, path, operationTimeout } = target;
    const host = address.includes(':') ? `[${address}]` : address;
    const to = `${scheme}://${host}:${port}${path}`;
    return buildRequest(
      {
        ...{ to, resourceUri, messageId, sessionId, maxEnvelopeBytes, operationTimeout },
        ...(shellId === undefined ? {} : { shellId }),
      },
      message,
    );
  }
}

function readAnswer(body: Uint8Array, action: string, messageId: string): WsmanAnswer {
  const parsed = parseEnvelope(body, action);
  if (!parsed.ok) return { kind: 'failure', failure: parsed.error };
  const fault = parseFault(parsed.value);
  const { relatesTo } = parsed.value;
  const isOurs = relatesTo?.toLowerCase() === `uuid:${messageId.toLowerCase()}`;
  // Quota faults relate to nothing; anything else must relate to what was asked.
  if (!isOurs && (fault === undefined || relatesTo !== undefined)) return stray(action);
  return fault === undefined ? { kind: 'envelope', envelope: parsed.value } : { kind: 'fault', fault };
}

function stray(action: string): WsmanAnswer {
  const details = { action, reason: 'it answers another request' };
  return { kind: 'failure', failure: failure('wsman.malformed', details) };
}
