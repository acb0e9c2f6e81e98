import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { propertyOf, psRecord, textOf } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { RsaKeyPair } from '../../core/rsa-key-pair.ts';
import { concatBytes } from '../bytes/concat.ts';
import { readServerMessage } from './client-event.ts';
import type { HostCallEvent, PsrpClientEvent } from './client-event.ts';
import { ClientPipelines } from './client-pipelines.ts';
import { encodeCommandQuery } from './command-metadata.ts';
import { encodeCreatePipeline } from './create-pipeline.ts';
import { emptyGuid } from './guid.ts';
import { encodeHostAnswer } from './host-call.ts';
import type { HostAnswer } from './host-call.ts';
import { noHost } from './host.ts';
import type { PsrpHost } from './host.ts';
import { encodeInitRunspacePool } from './init-runspacepool.ts';
import { MessageWriter } from './message-writer.ts';
import { decodeMessage } from './message.ts';
import type { MessageType, PsrpMessage } from './message.ts';
import { createPipelineOf } from './new-pipeline.ts';
import type { NewCommandQuery, NewPipeline } from './new-pipeline.ts';
import { Reassembler } from './reassembler.ts';
import { encodeRunspaceRequest } from './runspace-requests.ts';
import type { RunspaceRequest } from './runspace-requests.ts';
import { encodeSessionCapability, isAtLeast, sessionCapability } from './session-capability.ts';
import { decryptSessionKey, encodePublicKey, openSecrets } from './session-key.ts';
import type { PipelineState, PoolState } from './states.ts';
import type { ApartmentState, ThreadOptions } from './thread-options.ts';

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
  readonly threadOptions?: ThreadOptions;
  readonly apartmentState?: ApartmentState;
  /** Answers a server that asks for a key; `exchangeKeys` takes one later too. */
  readonly keyPair?: RsaKeyPair;
  /**
   * The version to name, 2.3 unless given; servers that know a later one come down to it. With 2.4 (PowerShell 7.6)
   * no keys are exchanged: SecureStrings lie open inside the transport, which must then be a sealed one.
   */
  readonly protocolVersion?: '2.3' | '2.4';
}

/** A question to the pool; its answer is the event `runspace-availability` with the same call id. */
export interface PoolRequest {
  readonly callId: bigint;
  readonly fragments: readonly Uint8Array[];
}

type Fragments = Result<readonly Uint8Array[]>;

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
  readonly #host: PsrpHost;
  readonly #writer: MessageWriter;
  readonly #events: PsrpClientEvent[] = [];
  readonly #poolStream = new Reassembler();
  readonly #pipelines = new ClientPipelines();
  #poolState: PoolState = 'BeforeOpen';
  #protocolVersion: string;
  #keyPair: RsaKeyPair | undefined;
  #lastCallId = -1n;
  #failure: Failure | undefined;

  constructor(options: PsrpClientOptions) {
    this.#options = options;
    this.#host = options.host ?? noHost;
    this.#keyPair = options.keyPair;
    this.#protocolVersion = options.protocolVersion ?? '2.3';
    this.#writer = new MessageWriter('server', options.poolId, options.maxFragmentBytes);
  }

  get poolState(): PoolState {
    return this.#poolState;
  }

  /** The version that both sides speak; ours until the server has named its own. */
  get protocolVersion(): string {
    return this.#protocolVersion;
  }

  /** Whether SecureStrings can travel. */
  get hasSessionKey(): boolean {
    return this.#writer.cipher !== undefined;
  }

  /** The state of a pipeline; undefined when there is none of that id, or it has ended. */
  pipelineState(id: string): PipelineState | undefined {
    return this.#pipelines.get(id)?.state;
  }

  setMaxFragmentBytes(count: number): void {
    this.#writer.maxFragmentBytes = count;
  }

  /** Begins the handshake of a new pool: the content of `creationXml`. */
  open(): Result<Uint8Array> {
    const { minRunspaces, maxRunspaces, threadOptions, apartmentState, applicationArguments } = this.#options;
    const init = encodeInitRunspacePool({
      minRunspaces,
      maxRunspaces,
      threadOptions: threadOptions ?? 'default',
      apartmentState: apartmentState ?? 'unknown',
      host: this.#host.info === 'none' ? 'pool' : this.#host.info,
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
    this.#poolState = 'Disconnected';
    this.#pipelines.setAll('Running', 'Disconnected');
  }

  /** Notes that the transport has connected the pool again. */
  reconnected(): void {
    this.#poolState = 'Opened';
    this.#pipelines.setAll('Disconnected', 'Running');
  }

  /**
   * Creates a pipeline in the opened pool.
   *
   * @returns Fragments: the first belongs into the command that creates it, the rest follow on `stdin`.
   */
  createPipeline(pipeline: NewPipeline): Fragments {
    const body = encodeCreatePipeline(createPipelineOf(pipeline, this.#host), this.#protocolVersion);
    return this.#create('create-pipeline', pipeline.id, body, pipeline.host);
  }

  /** Asks which commands there are; like `createPipeline`, and its output is read by `decodeCommandMetadata`. */
  getCommandMetadata({ id, ...query }: NewCommandQuery): Fragments {
    return this.#create('get-command-metadata', id, encodeCommandQuery(query));
  }

  /** Takes over a pipeline that another client created in this pool. */
  adoptPipeline(id: string): Result<void> {
    const refused = this.#cannotCreate('Taking over a pipeline', id);
    if (refused !== undefined) return err(refused);
    this.#pipelines.add(id, 'Running');
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
    if (this.#poolState !== 'Opened') return this.#wrongState(request.kind, 'runspace pool', this.#poolState);
    const needed = '2.3';
    if (request.kind === 'reset-runspace-state' && !isAtLeast(this.#protocolVersion, needed)) {
      const protocolVersion = this.#protocolVersion;
      return err(failure('psrp.unsupported', { action: 'Resetting a runspace', needed, protocolVersion }));
    }
    const callId = this.#lastCallId + 1n;
    const fragments = this.#writer.write(request.kind, emptyGuid, encodeRunspaceRequest(request, callId));
    if (!fragments.ok) return fragments;
    this.#lastCallId = callId;
    return ok({ callId, fragments: fragments.value });
  }

  /**
   * Sends our public key, so that SecureStrings can travel; the event `session-key` says that they now can. From
   * protocol 2.4 on there is nothing to send, and they can at once.
   */
  exchangeKeys(keyPair: RsaKeyPair): Fragments {
    if (this.#poolState !== 'Opened')
      return this.#wrongState('Exchanging keys', 'runspace pool', this.#poolState);
    if (isAtLeast(this.#protocolVersion, '2.4')) {
      this.#events.push({ kind: 'session-key' });
      return ok([]);
    }
    const body = psRecord({ PublicKey: encodePublicKey(keyPair) });
    const fragments = this.#writer.write('public-key', emptyGuid, body);
    if (fragments.ok) this.#keyPair = keyPair;
    return fragments;
  }

  /** The answer to a host call for which the host said `later`; goes to the stream `pr`. Empty where none is wanted. */
  answerHostCall({ pipelineId, call }: HostCallEvent, answer: HostAnswer): Fragments {
    if (call.callId === undefined) return ok([]);
    const body = encodeHostAnswer(call.callId, call.methodId, answer);
    const type = pipelineId === undefined ? 'pool-host-response' : 'pipeline-host-response';
    return this.#writer.write(type, pipelineId ?? emptyGuid, body);
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
      const message = decodeMessage(bytesOfMessage, this.#writer.cipher);
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

  #begin(state: 'Opening' | 'Connecting', type: MessageType, body: PsValue): Result<Uint8Array> {
    if (this.#poolState !== 'BeforeOpen') return this.#wrongState(state, 'runspace pool', this.#poolState);
    const capability = encodeSessionCapability(sessionCapability(this.#protocolVersion));
    const first = this.#writer.write('session-capability', emptyGuid, capability);
    if (!first.ok) return first;
    const second = this.#writer.write(type, emptyGuid, body);
    if (!second.ok) return second;
    this.#poolState = state;
    return ok(concatBytes(...first.value, ...second.value));
  }

  #create(type: MessageType, id: string, body: PsValue, host?: PsrpHost): Fragments {
    const refused = this.#cannotCreate('Creating a pipeline', id);
    if (refused !== undefined) return err(refused);
    const fragments = this.#writer.write(type, id, body);
    if (!fragments.ok) return fragments;
    this.#pipelines.add(id, 'Running', host);
    this.#pipelines.count(id, fragments.value);
    return fragments;
  }

  #cannotCreate(action: string, id: string): Failure | undefined {
    const state = this.#poolState;
    if (state !== 'Opened') return failure('psrp.state', { action, what: 'runspace pool', state });
    const existing = this.#pipelines.get(id);
    if (existing === undefined) return undefined;
    return failure('psrp.state', { action, what: 'pipeline', state: existing.state });
  }

  #handle(message: PsrpMessage, transportId: string | undefined): Result<void> {
    if (message.destination !== 'client') {
      return err(failure('psrp.malformed', { reason: `${message.type} is addressed to a server` }));
    }
    if (message.type === 'encrypted-session-key') return this.#takeSessionKey(message.body);
    const ownId = message.pipelineId === emptyGuid ? undefined : message.pipelineId;
    const event = readServerMessage(message, transportId ?? ownId);
    if (!event.ok) return event;
    this.#events.push(event.value);
    return this.#apply(event.value);
  }

  #apply(event: PsrpClientEvent): Result<void> {
    switch (event.kind) {
      case 'session-capability':
        this.#negotiated(event.protocolVersion);
        break;
      case 'pool-state':
        this.#poolState = event.state;
        break;
      case 'runspacepool-init-data':
        if (this.#poolState === 'Connecting') this.#poolState = 'Opened';
        break;
      case 'pipeline-state':
        this.#pipelines.setState(event.pipelineId, event.state);
        break;
      case 'public-key-request':
        return this.#sendKey();
      case 'host-call':
        return this.#answer(event);
      default:
        break;
    }
    return ok(undefined);
  }

  #negotiated(theirs: string): void {
    // A server that knows a later version has come down to ours, whatever it says.
    if (!isAtLeast(theirs, this.#protocolVersion)) this.#protocolVersion = theirs;
    if (isAtLeast(this.#protocolVersion, '2.4')) this.#writer.cipher = openSecrets;
  }

  #sendKey(): Result<void> {
    if (this.#keyPair === undefined) return ok(undefined);
    const fragments = this.exchangeKeys(this.#keyPair);
    if (!fragments.ok) return fragments;
    this.#events.push({ kind: 'send', stream: 'stdin', pipelineId: undefined, fragments: fragments.value });
    return ok(undefined);
  }

  #takeSessionKey(body: PsValue | undefined): Result<void> {
    if (this.#keyPair === undefined) {
      return err(failure('psrp.malformed', { reason: 'a session key came without being asked for' }));
    }
    const content = textOf(propertyOf(body, 'EncryptedSessionKey')) ?? '';
    const key = decryptSessionKey(content, this.#keyPair);
    if (!key.ok) return key;
    this.#writer.cipher = key.value;
    this.#events.push({ kind: 'session-key' });
    return ok(undefined);
  }

  #answer(event: HostCallEvent): Result<void> {
    const { pipelineId, call } = event;
    if (call.callId === undefined) return ok(undefined);
    const host = this.#pipelines.get(pipelineId ?? emptyGuid)?.host ?? this.#host;
    const answer = host.answer(call);
    if (answer === 'later') return ok(undefined);
    const fragments = this.answerHostCall(event, answer);
    if (!fragments.ok) return fragments;
    this.#events.push({ kind: 'send', stream: 'pr', pipelineId, fragments: fragments.value });
    return ok(undefined);
  }

  #writeInput(type: MessageType, pipelineId: string, value: PsValue | undefined): Fragments {
    const state = this.#pipelines.get(pipelineId)?.state;
    if (state !== 'Running') return this.#wrongState('Sending input', 'pipeline', state ?? 'ended');
    const fragments = this.#writer.write(type, pipelineId, value);
    if (!fragments.ok) return fragments;
    const tooMuch = this.#pipelines.count(pipelineId, fragments.value);
    return tooMuch === undefined ? fragments : err(tooMuch);
  }

  #wrongState(action: string, what: string, state: string): Result<never> {
    return err(failure('psrp.state', { action, what, state }));
  }

  #fail(reason: Failure): Result<never> {
    this.#failure = reason;
    return err(reason);
  }
}
