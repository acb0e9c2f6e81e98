import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { concatBytes } from '../bytes/concat.ts';
import { readServerMessage } from './client-event.ts';
import type { HostCallEvent, PsrpClientEvent } from './client-event.ts';
import type { PsCommand } from './command.ts';
import { encodeCreatePipeline } from './create-pipeline.ts';
import { emptyGuid } from './guid.ts';
import { encodeHostAnswer } from './host-call.ts';
import { noHost } from './host.ts';
import type { PsrpHost } from './host.ts';
import { encodeInitRunspacePool } from './init-runspacepool.ts';
import { MessageWriter } from './message-writer.ts';
import { decodeMessage } from './message.ts';
import type { MessageType, PsrpMessage } from './message.ts';
import { Reassembler } from './reassembler.ts';
import { encodeSessionCapability, sessionCapability } from './session-capability.ts';
import { isFinal } from './states.ts';
import type { PipelineState, PoolState } from './states.ts';

export interface PsrpClientOptions {
  /** GUID of the pool; over WSMan also the id of the shell. */
  readonly poolId: string;
  readonly minRunspaces: number;
  readonly maxRunspaces: number;
  /** Largest fragment to send, header included. */
  readonly maxFragmentBytes: number;
  /** `noHost` unless given. */
  readonly host?: PsrpHost;
  /** A dictionary that scripts see as `$PSSenderInfo.ApplicationArguments`. */
  readonly applicationArguments?: PsValue;
}

export interface NewPipeline {
  /** GUID; over WSMan also the id of the command. */
  readonly id: string;
  readonly commands: readonly PsCommand[];
  /** False when `input` and `endInput` follow. */
  readonly noInput: boolean;
  readonly addToHistory?: boolean;
}

/** The version we speak; servers that know a later one come down to it. */
const ourProtocolVersion = '2.3';

/**
 * The client's half of PSRP for one runspace pool, without I/O: what it returns must be sent, what arrives is handed
 * to `receive`, and what that means is asked with `next`.
 *
 * A failure of `receive` is final: the stream can no longer be read.
 *
 * @see MS-PSRP §3.1 https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-psrp
 */
export class PsrpClient {
  readonly #options: PsrpClientOptions;
  readonly #host: PsrpHost;
  readonly #writer: MessageWriter;
  readonly #events: PsrpClientEvent[] = [];
  readonly #poolStream = new Reassembler();
  readonly #pipelines = new Map<string, { readonly stream: Reassembler; state: PipelineState }>();
  #poolState: PoolState = 'BeforeOpen';
  #protocolVersion = ourProtocolVersion;
  #failure: Failure | undefined;

  constructor(options: PsrpClientOptions) {
    this.#options = options;
    this.#host = options.host ?? noHost;
    this.#writer = new MessageWriter('server', options.poolId, options.maxFragmentBytes);
  }

  get poolState(): PoolState {
    return this.#poolState;
  }

  /** The state of a pipeline; undefined when there is none of that id, or it has ended. */
  pipelineState(id: string): PipelineState | undefined {
    return this.#pipelines.get(id)?.state;
  }

  setMaxFragmentBytes(count: number): void {
    this.#writer.maxFragmentBytes = count;
  }

  /** Begins the handshake: the content of `creationXml`. Failures: `psrp.state`, `psrp.fragment-size`. */
  open(): Result<Uint8Array> {
    if (this.#poolState !== 'BeforeOpen')
      return this.#wrongState('Opening', 'runspace pool', this.#poolState);
    const { minRunspaces, maxRunspaces, applicationArguments = null } = this.#options;
    const capability = encodeSessionCapability(sessionCapability(ourProtocolVersion));
    const init = { minRunspaces, maxRunspaces, host: this.#host.info, applicationArguments };
    const first = this.#writer.write('session-capability', emptyGuid, capability);
    if (!first.ok) return first;
    const second = this.#writer.write('init-runspacepool', emptyGuid, encodeInitRunspacePool(init));
    if (!second.ok) return second;
    this.#poolState = 'Opening';
    return ok(concatBytes(...first.value, ...second.value));
  }

  /**
   * Creates a pipeline in the opened pool.
   *
   * @returns Fragments: the first belongs into the command that creates it, the rest follow on `stdin`.
   *   Failures: `psrp.state` unless the pool is opened and the id new, `psrp.object-too-large`, `psrp.fragment-size`.
   */
  createPipeline(pipeline: NewPipeline): Result<readonly Uint8Array[]> {
    if (this.#poolState !== 'Opened') {
      return this.#wrongState('Creating a pipeline', 'runspace pool', this.#poolState);
    }
    const existing = this.#pipelines.get(pipeline.id);
    if (existing !== undefined) return this.#wrongState('Creating it', 'pipeline', existing.state);
    const body = encodeCreatePipeline(
      {
        statements: [pipeline.commands],
        noInput: pipeline.noInput,
        addToHistory: pipeline.addToHistory ?? false,
        host: this.#host.info === 'none' ? 'pool' : this.#host.info,
      },
      this.#protocolVersion,
    );
    const fragments = this.#writer.write('create-pipeline', pipeline.id, body);
    if (fragments.ok) this.#pipelines.set(pipeline.id, { stream: new Reassembler(), state: 'Running' });
    return fragments;
  }

  /** One object of input for a running pipeline. Failures: `psrp.state`, `psrp.object-too-large`, `psrp.fragment-size`. */
  input(pipelineId: string, value: PsValue): Result<readonly Uint8Array[]> {
    return this.#writeInput('pipeline-input', pipelineId, value);
  }

  /** Ends the input of a pipeline. */
  endInput(pipelineId: string): Result<readonly Uint8Array[]> {
    return this.#writeInput('end-of-pipeline-input', pipelineId, undefined);
  }

  /** Forgets a pipeline whose end will not come, because the transport closed it. */
  abandon(pipelineId: string): void {
    this.#pipelines.delete(pipelineId);
  }

  /**
   * Takes bytes of the pool, or of the pipeline that the transport names.
   *
   * Failures: `psrp.malformed`, `psrp.too-large`, `clixml.*`.
   */
  receive(bytes: Uint8Array, pipelineId?: string): Result<void> {
    if (this.#failure !== undefined) return err(this.#failure);
    const pipeline = pipelineId === undefined ? undefined : this.#pipelines.get(pipelineId);
    // What still arrives for a pipeline that has ended is of no use to anybody.
    if (pipelineId !== undefined && pipeline === undefined) return ok(undefined);
    const messages = (pipeline?.stream ?? this.#poolStream).receive(bytes);
    if (!messages.ok) return this.#fail(messages.error);
    for (const bytesOfMessage of messages.value) {
      const message = decodeMessage(bytesOfMessage);
      if (!message.ok) return this.#fail(message.error);
      const handled = this.#handle(message.value, pipelineId);
      if (!handled.ok) return this.#fail(handled.error);
    }
    return ok(undefined);
  }

  /** The next event; undefined when all were taken. */
  next(): PsrpClientEvent | undefined {
    return this.#events.shift();
  }

  #handle(message: PsrpMessage, transportId: string | undefined): Result<void> {
    if (message.destination !== 'client') {
      return err(failure('psrp.malformed', { reason: `${message.type} is addressed to a server` }));
    }
    const ownId = message.pipelineId === emptyGuid ? undefined : message.pipelineId;
    const event = readServerMessage(message, transportId ?? ownId);
    if (!event.ok) return event;
    this.#events.push(event.value);
    this.#apply(event.value);
    return event.value.kind === 'host-call' ? this.#answer(event.value) : ok(undefined);
  }

  #apply(event: PsrpClientEvent): void {
    if (event.kind === 'session-capability') this.#protocolVersion = event.protocolVersion;
    if (event.kind === 'pool-state') this.#poolState = event.state;
    if (event.kind !== 'pipeline-state') return;
    const pipeline = this.#pipelines.get(event.pipelineId);
    if (isFinal(event.state)) this.#pipelines.delete(event.pipelineId);
    else if (pipeline !== undefined) pipeline.state = event.state;
  }

  #answer({ pipelineId, call }: HostCallEvent): Result<void> {
    if (call.callId === undefined) return ok(undefined);
    const body = encodeHostAnswer(call.callId, call.methodId, this.#host.answer(call));
    const type = pipelineId === undefined ? 'pool-host-response' : 'pipeline-host-response';
    const fragments = this.#writer.write(type, pipelineId ?? emptyGuid, body);
    if (!fragments.ok) return fragments;
    this.#events.push({ kind: 'send', stream: 'pr', pipelineId, fragments: fragments.value });
    return ok(undefined);
  }

  #writeInput(
    type: MessageType,
    pipelineId: string,
    value: PsValue | undefined,
  ): Result<readonly Uint8Array[]> {
    const state = this.#pipelines.get(pipelineId)?.state;
    if (state !== 'Running') return this.#wrongState('Sending input', 'pipeline', state ?? 'ended');
    return this.#writer.write(type, pipelineId, value);
  }

  #wrongState(action: string, what: string, state: string): Result<never> {
    return err(failure('psrp.state', { action, what, state }));
  }

  #fail(reason: Failure): Result<never> {
    this.#failure = reason;
    return err(reason);
  }
}
