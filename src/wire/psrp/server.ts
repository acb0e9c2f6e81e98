import { failure } from '../../core/failure.ts';
import { psRecord } from '../../core/ps-value.ts';
import type { PsProgress, PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { encodeErrorRecord } from './error-record.ts';
import type { ErrorRecord } from './error-record.ts';
import { emptyGuid } from './guid.ts';
import { encodeHostCall } from './host-call.ts';
import type { HostCall } from './host-call.ts';
import { encodeInformationRecord, informationRecord } from './information-record.ts';
import type { InvocationInfo } from './invocation-info.ts';
import { encodeMessageRecord } from './message-record.ts';
import type { MessageStream } from './message-record.ts';
import { encodeProgressRecord } from './progress-record.ts';
import { encodeRunspaceAvailability } from './runspace-requests.ts';
import type { RunspaceAvailability } from './runspace-requests.ts';
import type { PsrpServerEvent } from './server-event.ts';
import type { PsrpServerOptions } from './server-options.ts';
import { ServerReceiver } from './server-receiver.ts';
import { ServerSession } from './server-session.ts';

import { isAtLeast } from './session-capability.ts';
import { encryptSessionKey, SessionKey } from './session-key.ts';
import { encodePipelineState } from './states.ts';
import type { FinalPipelineState, PoolState } from './states.ts';
import { encodeUserEvent } from './user-event.ts';
import type { UserEvent } from './user-event.ts';

/**
 * The server's half of PSRP for one runspace pool, without I/O: `receive` takes what the client sent, `next` says what
 * it wants, and `take` gives the fragments that wait to be fetched by it.
 *
 * A failure of `receive` is final.
 *
 * @see MS-PSRP §3.2 https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-psrp
 */
export class PsrpServer {
  readonly #session: ServerSession;
  readonly #receiver: ServerReceiver;

  constructor(options: PsrpServerOptions) {
    this.#session = new ServerSession(options);
    this.#receiver = new ServerReceiver(this.#session);
  }

  get poolState(): PoolState {
    return this.#session.poolState;
  }

  /** The version both sides know, once the client has named its own. */
  get protocolVersion(): string {
    return this.#session.protocolVersion;
  }

  setMaxFragmentBytes(count: number): void {
    this.#session.writer.maxFragmentBytes = count;
  }

  /**
   * Takes bytes for the pool, or for the pipeline that the transport names (also the fragments that create it).
   *
   * Failures: `psrp.malformed`, `psrp.too-large`, `psrp.state`, `clixml.*`.
   */
  receive(bytes: Uint8Array, pipelineId?: string): Result<void> {
    return this.#receiver.receive(bytes, pipelineId);
  }

  /** The next event; undefined when all were taken. */
  next(): PsrpServerEvent | undefined {
    return this.#session.events.shift();
  }

  /** Takes the fragments that wait for the pool or a pipeline, in order; empty when there are none. */
  take(pipelineId: string = emptyGuid): readonly Uint8Array[] {
    return this.#session.take(pipelineId);
  }

  opened(): void {
    this.#session.introduce();
    this.#session.setPoolState('Opened');
  }

  /**
   * Takes the `connectXml` of another client that connects to the opened pool.
   *
   * @returns The content of `connectResponseXml`. Failures: `psrp.malformed`, `psrp.state`.
   */
  connect(connectXml: Uint8Array): Result<Uint8Array> {
    return this.#receiver.connect(connectXml);
  }

  /** Answers a request about runspaces: whether it was granted, or how many are free. */
  answerRequest(answer: RunspaceAvailability): void {
    const request = this.#session.requests.get(answer.callId);
    this.#session.requests.delete(answer.callId);
    if (answer.answer === true && request?.kind === 'set-min-runspaces') {
      this.#session.bounds = { ...this.#session.bounds, minRunspaces: request.count };
    }
    if (answer.answer === true && request?.kind === 'set-max-runspaces') {
      this.#session.bounds = { ...this.#session.bounds, maxRunspaces: request.count };
    }
    this.#session.send('runspace-availability', emptyGuid, encodeRunspaceAvailability(answer));
  }

  userEvent(event: UserEvent): void {
    this.#session.send('user-event', emptyGuid, encodeUserEvent(event));
  }

  /** Asks the client for its public key, since a SecureString is to travel; the event `public-key` says it came. */
  requestPublicKey(): void {
    this.#session.send('public-key-request', emptyGuid, '');
  }

  /**
   * Sends a session key under the client's public key; SecureStrings travel under it from here on.
   *
   * @param key - 32 random bytes.
   * @param padding - `sessionKeyPaddingBytes` random bytes.
   * @returns Failure `psrp.state` before the client has sent its public key, `psrp.malformed` where that is no key.
   */
  sendSessionKey(key: Uint8Array, padding: Uint8Array): Result<void> {
    const { publicKey } = this.#session;
    if (publicKey === undefined) return this.#wrongState('Sending a session key without a public key');
    const encrypted = encryptSessionKey(key, publicKey, padding);
    if (encrypted === undefined) {
      return err(failure('psrp.malformed', { reason: 'the public key of the client is impossible' }));
    }
    this.#session.send('encrypted-session-key', emptyGuid, psRecord({ EncryptedSessionKey: encrypted }));
    this.#session.writer.cipher = new SessionKey(key);
    return ok(undefined);
  }

  broken(reason: ErrorRecord): void {
    this.#session.setPoolState('Broken', reason);
  }

  output(pipelineId: string, value: PsValue): void {
    this.#session.sendRecord('pipeline-output', pipelineId, value);
  }

  error(pipelineId: string, record: ErrorRecord): void {
    this.#session.sendRecord('error-record', pipelineId, encodeErrorRecord(record));
  }

  /** A warning, verbose or debug record. */
  message(pipelineId: string, stream: MessageStream, message: string, invocation?: InvocationInfo): void {
    const body = encodeMessageRecord(stream, { message, invocation });
    this.#session.sendRecord(`${stream}-record`, pipelineId, body);
  }

  /** An information record; clients before 2.3 know none, so they get none. */
  information(pipelineId: string, record: Parameters<typeof informationRecord>[0]): void {
    if (!isAtLeast(this.protocolVersion, '2.3')) return;
    const body = encodeInformationRecord(informationRecord(record));
    this.#session.sendRecord('information-record', pipelineId, body);
  }

  progress(pipelineId: string, record: PsProgress): void {
    this.#session.sendRecord('progress-record', pipelineId, encodeProgressRecord(record));
  }

  hostCall(pipelineId: string | undefined, call: Omit<HostCall, 'method'>): void {
    if (pipelineId === undefined) this.#session.send('pool-host-call', emptyGuid, encodeHostCall(call));
    else this.#session.sendRecord('pipeline-host-call', pipelineId, encodeHostCall(call));
  }

  /** Ends a pipeline; nothing more is sent for it. */
  finish(pipelineId: string, state: FinalPipelineState, reason?: ErrorRecord): void {
    this.#session.sendRecord('pipeline-state', pipelineId, encodePipelineState(state, reason));
    this.#session.pipelines.finish(pipelineId, state);
  }

  /** Forgets a pipeline that the client closed, with what still waits for it. */
  close(pipelineId: string): void {
    this.#session.pipelines.delete(pipelineId);
    this.#session.take(pipelineId);
  }

  #wrongState(action: string): Result<never> {
    return err(failure('psrp.state', { action, what: 'runspace pool', state: this.#session.poolState }));
  }
}
