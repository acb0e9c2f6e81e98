import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { propertyOf, textOf } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { readServerMessage } from './client-event.ts';
import type { HostCallEvent, PsrpClientEvent } from './client-event.ts';
import type { ClientSession } from './client-session.ts';
import { emptyGuid } from './guid.ts';
import { decodeMessage } from './message.ts';
import type { PsrpMessage } from './message.ts';
import { Reassembler } from './reassembler.ts';
import { decryptSessionKey } from './session-key.ts';

/** Makes events of what arrives, and sees to what they mean for the session. */
export class ClientReceiver {
  readonly #session: ClientSession;
  readonly #poolStream = new Reassembler();
  #failure: Failure | undefined;

  constructor(session: ClientSession) {
    this.#session = session;
  }

  /** Takes bytes of the pool, or of the pipeline that the transport names. A failure stays. */
  receive(bytes: Uint8Array, pipelineId: string | undefined): Result<void> {
    if (this.#failure !== undefined) return err(this.#failure);
    const received = this.#receive(bytes, pipelineId);
    if (!received.ok) this.#failure = received.error;
    return received;
  }

  #receive(bytes: Uint8Array, pipelineId: string | undefined): Result<void> {
    const pipeline = pipelineId === undefined ? undefined : this.#session.pipelines.get(pipelineId);
    // What still arrives for a pipeline that has ended is of no use to anybody.
    if (pipelineId !== undefined && pipeline === undefined) return ok(undefined);
    const messages = (pipeline?.stream ?? this.#poolStream).receive(bytes);
    if (!messages.ok) return messages;
    for (const bytesOfMessage of messages.value) {
      const message = decodeMessage(bytesOfMessage, this.#session.writer.cipher, pipeline?.rawOutput);
      if (!message.ok) return message;
      const handled = this.#handle(message.value, pipelineId);
      if (!handled.ok) return handled;
    }
    return ok(undefined);
  }

  #handle(message: PsrpMessage, transportId: string | undefined): Result<void> {
    if (message.destination !== 'client') {
      return err(failure('psrp.malformed', { reason: `${message.type} is addressed to a server` }));
    }
    if (message.type === 'encrypted-session-key') return this.#takeSessionKey(message.body);
    const ownId = message.pipelineId === emptyGuid ? undefined : message.pipelineId;
    const event = readServerMessage(message, transportId ?? ownId);
    if (!event.ok) return event;
    this.#session.events.push(event.value);
    return this.#apply(event.value);
  }

  #apply(event: PsrpClientEvent): Result<void> {
    const session = this.#session;
    switch (event.kind) {
      case 'session-capability':
        session.negotiate(event.protocolVersion);
        break;
      case 'pool-state':
        session.poolState = event.state;
        break;
      case 'runspacepool-init-data':
        if (session.poolState === 'Connecting') session.poolState = 'Opened';
        break;
      case 'pipeline-state':
        session.pipelines.setState(event.pipelineId, event.state);
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

  #sendKey(): Result<void> {
    const { keyPair, events } = this.#session;
    if (keyPair === undefined) return ok(undefined);
    const fragments = this.#session.exchangeKeys(keyPair);
    if (!fragments.ok) return fragments;
    events.push({ kind: 'send', stream: 'stdin', pipelineId: undefined, fragments: fragments.value });
    return ok(undefined);
  }

  #takeSessionKey(body: PsValue | undefined): Result<void> {
    const { keyPair, writer, events } = this.#session;
    if (keyPair === undefined) {
      return err(failure('psrp.malformed', { reason: 'a session key came without being asked for' }));
    }
    const key = decryptSessionKey(textOf(propertyOf(body, 'EncryptedSessionKey')) ?? '', keyPair);
    if (!key.ok) return key;
    writer.cipher = key.value;
    events.push({ kind: 'session-key' });
    return ok(undefined);
  }

  #answer(event: HostCallEvent): Result<void> {
    const { pipelineId, call } = event;
    const { pipelines, events } = this.#session;
    if (call.callId === undefined) return ok(undefined);
    const host = pipelines.get(pipelineId ?? emptyGuid)?.host ?? this.#session.host;
    const answer = host.answer(call);
    if (answer === 'later') return ok(undefined);
    const fragments = this.#session.answerHostCall(event, answer);
    if (!fragments.ok) return fragments;
    events.push({ kind: 'send', stream: 'pr', pipelineId, fragments: fragments.value });
    return ok(undefined);
  }
}
