import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { propertyOf, psRecord, textOf } from '../../core/ps-value.ts';
import type { PsProgress, PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { RsaKeyPair } from '../../core/rsa-key-pair.ts';
import { concatBytes } from '../bytes/concat.ts';
import { encodeApplicationPrivateData } from './application-private-data.ts';
import { encodeErrorRecord } from './error-record.ts';
import type { ErrorRecord } from './error-record.ts';
import { emptyGuid } from './guid.ts';
import { encodeHostCall } from './host-call.ts';
import type { HostCall } from './host-call.ts';
import { encodeInformationRecord, informationRecord } from './information-record.ts';
import { encodeRunspaceBounds } from './init-runspacepool.ts';
import type { RunspaceBounds } from './init-runspacepool.ts';
import type { InvocationInfo } from './invocation-info.ts';
import { encodeMessageRecord } from './message-record.ts';
import type { MessageStream } from './message-record.ts';
import { MessageWriter } from './message-writer.ts';
import { decodeMessage } from './message.ts';
import type { MessageType, PsrpMessage } from './message.ts';
import { encodeProgressRecord } from './progress-record.ts';
import { Reassembler } from './reassembler.ts';
import { encodeRunspaceAvailability } from './runspace-requests.ts';
import type { RunspaceAvailability, RunspaceRequest } from './runspace-requests.ts';
import type { PsrpServerEvent } from './server-event.ts';
import { readClientMessage } from './server-read.ts';
import {
  decodeSessionCapability,
  encodeSessionCapability,
  isAtLeast,
  sessionCapability,
} from './session-capability.ts';
import type { SessionCapability } from './session-capability.ts';
import { decodePublicKey, encryptSessionKey, openSecrets, SessionKey } from './session-key.ts';
import { encodePipelineState, encodePoolState } from './states.ts';
import type { FinalPipelineState, PoolState } from './states.ts';
import { encodeUserEvent } from './user-event.ts';
import type { UserEvent } from './user-event.ts';

export interface PsrpServerOptions {
  /** `$PSVersionTable.PSVersion` to announce, such as `5.1.17763.1971`. */
  readonly psVersion: string;
  readonly protocolVersion: '2.1' | '2.2' | '2.3' | '2.4';
  /** Largest fragment to send, header included; at least 22. */
  readonly maxFragmentBytes: number;
}

interface ServerPipeline {
  readonly stream: Reassembler;
  /** Undefined until CREATE_PIPELINE has arrived whole. */
  state: 'Running' | FinalPipelineState | undefined;
}

/**
 * The server's half of PSRP for one runspace pool, without I/O: `receive` takes what the client sent, `next` says what
 * it wants, and `take` gives the fragments that wait to be fetched by it.
 *
 * A failure of `receive` is final.
 *
 * @see MS-PSRP §3.2 https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-psrp
 */
export class PsrpServer {
  readonly #options: PsrpServerOptions;
  readonly #writer: MessageWriter;
  readonly #events: PsrpServerEvent[] = [];
  readonly #pipelines = new Map<string, ServerPipeline>();
  readonly #outbox = new Map<string, Uint8Array[]>();
  readonly #requests = new Map<bigint, RunspaceRequest>();
  #poolStream = new Reassembler();
  #bounds: RunspaceBounds = { minRunspaces: 1, maxRunspaces: 1 };
  #publicKey: Pick<RsaKeyPair, 'modulus' | 'exponent'> | undefined;
  #client: SessionCapability | undefined;
  #poolState: PoolState = 'BeforeOpen';
  #failure: Failure | undefined;

  constructor(options: PsrpServerOptions) {
    this.#options = options;
    this.#writer = new MessageWriter('client', emptyGuid, options.maxFragmentBytes);
  }

  get poolState(): PoolState {
    return this.#poolState;
  }

  /** The version both sides know, once the client has named its own. */
  get protocolVersion(): string {
    const ours = this.#options.protocolVersion;
    const theirs = this.#client?.protocolVersion;
    return theirs !== undefined && isAtLeast(ours, theirs) ? theirs : ours;
  }

  setMaxFragmentBytes(count: number): void {
    this.#writer.maxFragmentBytes = count;
  }

  /**
   * Takes bytes for the pool, or for the pipeline that the transport names (also the fragments that create it).
   *
   * Failures: `psrp.malformed`, `psrp.too-large`, `psrp.state`, `clixml.*`.
   */
  receive(bytes: Uint8Array, pipelineId?: string): Result<void> {
    if (this.#failure !== undefined) return err(this.#failure);
    const messages = this.#streamOf(pipelineId).receive(bytes);
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
  next(): PsrpServerEvent | undefined {
    return this.#events.shift();
  }

  /** Takes the fragments that wait for the pool or a pipeline, in order; empty when there are none. */
  take(pipelineId: string = emptyGuid): readonly Uint8Array[] {
    const fragments = this.#outbox.get(pipelineId) ?? [];
    this.#outbox.delete(pipelineId);
    return fragments;
  }

  opened(): void {
    this.#introduce();
    this.#setPoolState('Opened');
  }

  /**
   * Takes the `connectXml` of another client that connects to the opened pool.
   *
   * @returns The content of `connectResponseXml`. Failures: `psrp.malformed`, `psrp.state`.
   */
  connect(connectXml: Uint8Array): Result<Uint8Array> {
    if (this.#poolState !== 'Opened') return this.#wrongState('Connecting');
    const stream = new Reassembler();
    const messages = stream.receive(connectXml);
    if (!messages.ok) return messages;
    const [first, second] = messages.value.map((bytes) => decodeMessage(bytes));
    if (first?.ok !== true || second?.ok !== true || second.value.type !== 'connect-runspacepool') {
      return err(failure('psrp.malformed', { reason: 'it is no request to connect to a pool' }));
    }
    const client = decodeSessionCapability(first.value.body);
    if (!client.ok) return client;
    this.#client = client.value;
    this.#poolStream = stream;
    const capability = encodeSessionCapability(sessionCapability(this.#options.protocolVersion));
    const parts = [
      this.#writer.write('session-capability', emptyGuid, capability),
      this.#writer.write('runspacepool-init-data', emptyGuid, encodeRunspaceBounds(this.#bounds)),
    ];
    this.#introduce();
    const bytes: Uint8Array[] = [];
    for (const part of parts) {
      if (!part.ok) return part;
      bytes.push(...part.value);
    }
    return ok(concatBytes(...bytes));
  }

  /** Answers a request about runspaces: whether it was granted, or how many are free. */
  answerRequest(answer: RunspaceAvailability): void {
    const request = this.#requests.get(answer.callId);
    this.#requests.delete(answer.callId);
    if (answer.answer === true && request?.kind === 'set-min-runspaces') {
      this.#bounds = { ...this.#bounds, minRunspaces: request.count };
    }
    if (answer.answer === true && request?.kind === 'set-max-runspaces') {
      this.#bounds = { ...this.#bounds, maxRunspaces: request.count };
    }
    this.#send('runspace-availability', emptyGuid, encodeRunspaceAvailability(answer));
  }

  userEvent(event: UserEvent): void {
    this.#send('user-event', emptyGuid, encodeUserEvent(event));
  }

  /** Asks the client for its public key, since a SecureString is to travel; the event `public-key` says it came. */
  requestPublicKey(): void {
    this.#send('public-key-request', emptyGuid, '');
  }

  /**
   * Sends a session key under the client's public key; SecureStrings travel under it from here on.
   *
   * @param key - 32 random bytes.
   * @param padding - `sessionKeyPaddingBytes` random bytes.
   * @returns Failure `psrp.state` before the client has sent its public key, `psrp.malformed` where that is no key.
   */
  sendSessionKey(key: Uint8Array, padding: Uint8Array): Result<void> {
    if (this.#publicKey === undefined) return this.#wrongState('Sending a session key without a public key');
    const encrypted = encryptSessionKey(key, this.#publicKey, padding);
    if (encrypted === undefined) {
      return err(failure('psrp.malformed', { reason: 'the public key of the client is impossible' }));
    }
    this.#send('encrypted-session-key', emptyGuid, psRecord({ EncryptedSessionKey: encrypted }));
    this.#writer.cipher = new SessionKey(key);
    return ok(undefined);
  }

  broken(reason: ErrorRecord): void {
    this.#setPoolState('Broken', reason);
  }

  output(pipelineId: string, value: PsValue): void {
    this.#sendRecord('pipeline-output', pipelineId, value);
  }

  error(pipelineId: string, record: ErrorRecord): void {
    this.#sendRecord('error-record', pipelineId, encodeErrorRecord(record));
  }

  /** A warning, verbose or debug record. */
  message(pipelineId: string, stream: MessageStream, message: string, invocation?: InvocationInfo): void {
    const body = encodeMessageRecord(stream, { message, invocation });
    this.#sendRecord(`${stream}-record`, pipelineId, body);
  }

  /** An information record; clients before 2.3 know none, so they get none. */
  information(pipelineId: string, record: Parameters<typeof informationRecord>[0]): void {
    if (!isAtLeast(this.protocolVersion, '2.3')) return;
    const body = encodeInformationRecord(informationRecord(record));
    this.#sendRecord('information-record', pipelineId, body);
  }

  progress(pipelineId: string, record: PsProgress): void {
    this.#sendRecord('progress-record', pipelineId, encodeProgressRecord(record));
  }

  hostCall(pipelineId: string | undefined, call: Omit<HostCall, 'method'>): void {
    if (pipelineId === undefined) this.#send('pool-host-call', emptyGuid, encodeHostCall(call));
    else this.#sendRecord('pipeline-host-call', pipelineId, encodeHostCall(call));
  }

  /** Ends a pipeline; nothing more is sent for it. */
  finish(pipelineId: string, state: FinalPipelineState, reason?: ErrorRecord): void {
    this.#sendRecord('pipeline-state', pipelineId, encodePipelineState(state, reason));
    const pipeline = this.#pipelines.get(pipelineId);
    if (pipeline !== undefined) pipeline.state = state;
  }

  /** Forgets a pipeline that the client closed, with what still waits for it. */
  close(pipelineId: string): void {
    this.#pipelines.delete(pipelineId);
    this.#outbox.delete(pipelineId);
  }

  #streamOf(pipelineId: string | undefined): Reassembler {
    if (pipelineId === undefined) return this.#poolStream;
    let pipeline = this.#pipelines.get(pipelineId);
    if (pipeline === undefined) {
      pipeline = { stream: new Reassembler(), state: undefined };
      this.#pipelines.set(pipelineId, pipeline);
    }
    return pipeline.stream;
  }

  #handle(message: PsrpMessage, transportId: string | undefined): Result<void> {
    if (message.destination !== 'server') {
      return err(failure('psrp.malformed', { reason: `${message.type} is addressed to a client` }));
    }
    if (message.type === 'session-capability') return this.#negotiate(message);
    const ownId = message.pipelineId === emptyGuid ? undefined : message.pipelineId;
    const pipelineId = transportId ?? ownId;
    // Input that was under way when its pipeline ended is nobody's fault.
    if (message.type !== 'create-pipeline' && this.#hasEnded(pipelineId)) return ok(undefined);
    const refused = this.#problemOf(message.type, pipelineId);
    if (refused !== undefined) return err(refused);
    const event = readClientMessage(message, pipelineId, this.#client);
    if (!event.ok) return event;
    this.#events.push(event.value);
    return this.#apply(event.value, message.body);
  }

  #apply(event: PsrpServerEvent, body: PsValue | undefined): Result<void> {
    switch (event.kind) {
      case 'open':
        this.#poolState = 'Opening';
        this.#bounds = { minRunspaces: event.minRunspaces, maxRunspaces: event.maxRunspaces };
        break;
      case 'pipeline':
      case 'command-query':
        this.#start(event.pipelineId);
        break;
      case 'runspace-request':
        this.#requests.set(event.callId, event.request);
        break;
      case 'public-key':
        this.#publicKey = decodePublicKey(textOf(propertyOf(body, 'PublicKey')) ?? '');
        break;
      default:
        break;
    }
    return ok(undefined);
  }

  #negotiate(message: PsrpMessage): Result<void> {
    if (this.#poolState !== 'BeforeOpen' || this.#client !== undefined)
      return this.#wrongState('Negotiating again');
    const client = decodeSessionCapability(message.body);
    if (!client.ok) return client;
    this.#client = client.value;
    this.#writer.poolId = message.poolId;
    if (isAtLeast(this.protocolVersion, '2.4')) this.#writer.cipher = openSecrets;
    const capability = sessionCapability(this.#options.protocolVersion);
    this.#send('session-capability', emptyGuid, encodeSessionCapability(capability));
    return ok(undefined);
  }

  /** Why a message must not come now; undefined when it may. */
  #problemOf(type: MessageType, pipelineId: string | undefined): Failure | undefined {
    const wanted: PoolState = type === 'init-runspacepool' ? 'BeforeOpen' : 'Opened';
    if (this.#poolState !== wanted || this.#client === undefined) {
      return failure('psrp.state', { action: type, what: 'runspace pool', state: this.#poolState });
    }
    if (pipelineId === undefined) return undefined;
    const state = this.#pipelines.get(pipelineId)?.state;
    const creates = type === 'create-pipeline' || type === 'get-command-metadata';
    if (creates === (state === undefined)) return undefined;
    return failure('psrp.state', { action: type, what: 'pipeline', state: state ?? 'NotStarted' });
  }

  #hasEnded(pipelineId: string | undefined): boolean {
    const state = this.#pipelines.get(pipelineId ?? emptyGuid)?.state;
    return state !== undefined && state !== 'Running';
  }

  #start(pipelineId: string): void {
    const pipeline = this.#pipelines.get(pipelineId);
    if (pipeline !== undefined) pipeline.state = 'Running';
    else this.#pipelines.set(pipelineId, { stream: new Reassembler(), state: 'Running' });
  }

  #introduce(): void {
    const { psVersion, protocolVersion } = this.#options;
    const data = encodeApplicationPrivateData(psVersion, protocolVersion);
    this.#send('application-private-data', emptyGuid, data);
  }

  #setPoolState(state: PoolState, reason?: ErrorRecord): void {
    this.#poolState = state;
    this.#send('runspacepool-state', emptyGuid, encodePoolState(state, reason));
  }

  #sendRecord(type: MessageType, pipelineId: string, body: PsValue): void {
    const state = this.#pipelines.get(pipelineId)?.state;
    if (state === 'Running') this.#send(type, pipelineId, body);
  }

  #send(type: MessageType, pipelineId: string, body: PsValue): void {
    const fragments = this.#writer.write(type, pipelineId, body);
    if (!fragments.ok) {
      this.#failure ??= fragments.error;
      return;
    }
    const waiting = this.#outbox.get(pipelineId) ?? [];
    for (const fragment of fragments.value) waiting.push(fragment);
    this.#outbox.set(pipelineId, waiting);
  }

  #wrongState(action: string): Result<never> {
    return err(failure('psrp.state', { action, what: 'runspace pool', state: this.#poolState }));
  }

  #fail(reason: Failure): Result<never> {
    this.#failure = reason;
    return err(reason);
  }
}
