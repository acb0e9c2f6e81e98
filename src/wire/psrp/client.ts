import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { RsaKeyPair } from '../../core/rsa-key-pair.ts';
import { concatBytes } from '../bytes/concat.ts';
import type { HostCallEvent, PsrpClientEvent } from './client-event.ts';
import type { PsrpClientOptions } from './client-options.ts';
import { countSent } from './client-pipelines.ts';
import { ClientReceiver } from './client-receiver.ts';
import { ClientSession, wrongState } from './client-session.ts';
import type { Fragments } from './client-session.ts';
import { encodeCommandQuery } from './command-metadata.ts';
import { encodeCreatePipeline } from './create-pipeline.ts';
import { emptyGuid } from './guid.ts';
import type { HostAnswer } from './host-call.ts';
import { encodeInitRunspacePool } from './init-runspacepool.ts';
import type { MessageType } from './message.ts';
import { createPipelineOf } from './new-pipeline.ts';
import type { NewCommandQuery, NewPipeline, PipelineSettings } from './new-pipeline.ts';
import { encodeRunspaceRequest } from './runspace-requests.ts';
import type { RunspaceRequest } from './runspace-requests.ts';
import { encodeSessionCapability, isAtLeast, sessionCapability } from './session-capability.ts';
import { openSealedStrings } from './sealed-strings.ts';
import type { PipelineState, PoolState } from './states.ts';

/** A question to the pool; its answer is the event `runspace-availability` with the same call id. */
export interface PoolRequest {
  readonly callId: bigint;
  readonly fragments: readonly Uint8Array[];
}

/**
 * The client's half of PSRP for one runspace pool, without I/O: what it returns must be sent, what arrives is handed
 * to `receive`, and what that means is asked with `next`. Fragments go to the pool's or the pipeline's `stdin` unless
 * said otherwise.
 *
 * A failure of `receive` is final: the stream can no longer be read. Every method that sends can fail with `psrp.state`,
 * `psrp.object-too-large`, `psrp.fragment-size`, and where it sends values with `psrp.no-session-key`,
 * `psrp.command-too-large`, `clixml.too-deep`; after such a failure nothing has changed.
 *
 * @see MS-PSRP §3.1 https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-psrp
 */
export class PsrpClient {
  readonly #options: PsrpClientOptions;
  readonly #session: ClientSession;
  readonly #receiver: ClientReceiver;
  #lastCallId = -1n;

  constructor(options: PsrpClientOptions) {
    this.#options = options;
    this.#session = new ClientSession(options);
    this.#receiver = new ClientReceiver(this.#session);
  }

  get poolState(): PoolState {
    return this.#session.poolState;
  }

  /** The version that both sides speak; ours until the server has named its own. */
  get protocolVersion(): string {
    return this.#session.protocolVersion;
  }

  /** Whether SecureStrings can travel. */
  get hasSessionKey(): boolean {
    return this.#session.writer.cipher !== undefined;
  }

  /** Makes SecureStrings readable that came before the key did; `holdsSealedString` tells whether there are any. */
  openSealedStrings(value: PsValue): PsValue {
    const { cipher } = this.#session.writer;
    return cipher === undefined ? value : openSealedStrings(value, cipher);
  }

  /** The state of a pipeline; undefined when there is none of that id, or it has ended. */
  pipelineState(id: string): PipelineState | undefined {
    return this.#session.pipelines.get(id)?.state;
  }

  setMaxFragmentBytes(count: number): void {
    this.#session.writer.maxFragmentBytes = count;
  }

  /** Begins the handshake of a new pool: the content of `creationXml`. */
  open(): Result<Uint8Array> {
    const { minRunspaces, maxRunspaces, threadOptions, apartmentState, applicationArguments } = this.#options;
    const init = encodeInitRunspacePool({
      minRunspaces,
      maxRunspaces,
      threadOptions: threadOptions ?? 'default',
      apartmentState: apartmentState ?? 'unknown',
      host: this.#session.host.info === 'none' ? 'pool' : this.#session.host.info,
      applicationArguments: applicationArguments ?? null,
    });
    return this.#begin('Opening', 'init-runspacepool', init);
  }

  /**
   * Begins the handshake with a pool that another client left: the content of `connectXml`. Once the answer is there
   * (event `runspacepool-init-data`) the pool is opened; its pipelines are taken over with `adoptPipeline`.
   */
  connect(): Result<Uint8Array> {
    return this.#begin('Connecting', 'connect-runspacepool', '');
  }

  /** Notes that the transport has disconnected the pool; its pipelines go on without us. */
  disconnected(): void {
    this.#session.poolState = 'Disconnected';
    this.#session.pipelines.setAll('Running', 'Disconnected');
  }

  /** Notes that the transport has connected the pool again. */
  reconnected(): void {
    this.#session.poolState = 'Opened';
    this.#session.pipelines.setAll('Disconnected', 'Running');
  }

  /**
   * Creates a pipeline in the opened pool.
   *
   * @returns Fragments: the first belongs into the command that creates it, the rest follow on `stdin`.
   */
  createPipeline(pipeline: NewPipeline): Fragments {
    const body = encodeCreatePipeline(
      createPipelineOf(pipeline, this.#session.host),
      this.#session.protocolVersion,
    );
    return this.#create('create-pipeline', pipeline.id, body, pipeline);
  }

  /** Asks which commands there are; like `createPipeline`, and its output is read by `decodeCommandMetadata`. */
  getCommandMetadata({ id, ...query }: NewCommandQuery): Fragments {
    return this.#create('get-command-metadata', id, encodeCommandQuery(query));
  }

  /** Takes over a pipeline that another client created in this pool. */
  adoptPipeline(id: string): Result<void> {
    const refused = this.#cannotCreate('Taking over a pipeline', id);
    if (refused !== undefined) return err(refused);
    this.#session.pipelines.add(id, 'Running');
    return ok(undefined);
  }

  /** One object of input for a running pipeline. */
  input(pipelineId: string, value: PsValue): Fragments {
    return this.#writeInput('pipeline-input', pipelineId, value);
  }

  /** Ends the input of a pipeline. */
  endInput(pipelineId: string): Fragments {
    return this.#writeInput('end-of-pipeline-input', pipelineId, undefined);
  }

  /** Asks something of the pool. Failure also `psrp.unsupported`: a reset needs protocol 2.3. */
  request(request: RunspaceRequest): Result<PoolRequest> {
    if (this.#session.poolState !== 'Opened')
      return wrongState(request.kind, 'runspace pool', this.#session.poolState);
    const needed = '2.3';
    if (request.kind === 'reset-runspace-state' && !isAtLeast(this.#session.protocolVersion, needed)) {
      const protocolVersion = this.#session.protocolVersion;
      return err(failure('psrp.unsupported', { action: 'Resetting a runspace', needed, protocolVersion }));
    }
    const callId = this.#lastCallId + 1n;
    const fragments = this.#session.writer.write(
      request.kind,
      emptyGuid,
      encodeRunspaceRequest(request, callId),
    );
    if (!fragments.ok) return fragments;
    this.#lastCallId = callId;
    return ok({ callId, fragments: fragments.value });
  }

  /**
   * Sends our public key, so that SecureStrings can travel; the event `session-key` says that they now can. From
   * protocol 2.4 on there is nothing to send, and they can at once.
   */
  exchangeKeys(keyPair: RsaKeyPair): Fragments {
    return this.#session.exchangeKeys(keyPair);
  }

  /** The answer to a host call for which the host said `later`; goes to the stream `pr`. Empty where none is wanted. */
  answerHostCall(event: HostCallEvent, answer: HostAnswer): Fragments {
    return this.#session.answerHostCall(event, answer);
  }

  /** Forgets a pipeline whose end will not come, because the transport closed it. */
  abandon(pipelineId: string): void {
    this.#session.pipelines.delete(pipelineId);
  }

  /**
   * Takes bytes of the pool, or of the pipeline that the transport names.
   *
   * Failures: `psrp.malformed`, `psrp.too-large`, `clixml.*`.
   */
  receive(bytes: Uint8Array, pipelineId?: string): Result<void> {
    return this.#receiver.receive(bytes, pipelineId);
  }

  /** The next event; undefined when all were taken. */
  next(): PsrpClientEvent | undefined {
    return this.#session.events.shift();
  }

  #begin(state: 'Opening' | 'Connecting', type: MessageType, body: PsValue): Result<Uint8Array> {
    if (this.#session.poolState !== 'BeforeOpen')
      return wrongState(state, 'runspace pool', this.#session.poolState);
    const capability = encodeSessionCapability(sessionCapability(this.#session.protocolVersion));
    const first = this.#session.writer.write('session-capability', emptyGuid, capability);
    if (!first.ok) return first;
    const second = this.#session.writer.write(type, emptyGuid, body);
    if (!second.ok) return second;
    this.#session.poolState = state;
    return ok(concatBytes(...first.value, ...second.value));
  }

  #create(
    type: MessageType,
    id: string,
    body: PsValue,
    { host, rawOutput }: Pick<PipelineSettings, 'host' | 'rawOutput'> = {},
  ): Fragments {
    const refused = this.#cannotCreate('Creating a pipeline', id);
    if (refused !== undefined) return err(refused);
    const fragments = this.#session.writer.write(type, id, body);
    if (!fragments.ok) return fragments;
    countSent(this.#session.pipelines.add(id, 'Running', host, rawOutput), fragments.value);
    return fragments;
  }

  #cannotCreate(action: string, id: string): Failure | undefined {
    const state = this.#session.poolState;
    if (state !== 'Opened') return failure('psrp.state', { action, what: 'runspace pool', state });
    const existing = this.#session.pipelines.get(id);
    if (existing === undefined) return undefined;
    return failure('psrp.state', { action, what: 'pipeline', state: existing.state });
  }

  #writeInput(type: MessageType, pipelineId: string, value: PsValue | undefined): Fragments {
    const pipeline = this.#session.pipelines.get(pipelineId);
    if (pipeline?.state !== 'Running') {
      return wrongState('Sending input', 'pipeline', pipeline?.state ?? 'ended');
    }
    const fragments = this.#session.writer.write(type, pipelineId, value);
    if (!fragments.ok) return fragments;
    const tooMuch = countSent(pipeline, fragments.value);
    return tooMuch === undefined ? fragments : err(tooMuch);
  }
}
