import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { propertyOf, textOf } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { concatBytes } from '../bytes/concat.ts';
import { emptyGuid } from './guid.ts';
import { encodeRunspaceBounds } from './init-runspacepool.ts';
import { decodeMessage } from './message.ts';
import type { MessageType, PsrpMessage } from './message.ts';
import { Reassembler } from './reassembler.ts';
import type { PsrpServerEvent } from './server-event.ts';
import { readClientMessage } from './server-read.ts';
import type { ServerSession } from './server-session.ts';
import { decodeSessionCapability } from './session-capability.ts';
import { decodePublicKey } from './session-key.ts';
import type { PoolState } from './states.ts';

/** Makes events of what a client sends, as far as it may come now. */
export class ServerReceiver {
  readonly #session: ServerSession;
  #poolStream = new Reassembler();

  constructor(session: ServerSession) {
    this.#session = session;
  }

  /** Takes bytes for the pool, or for the pipeline that the transport names. A failure stays. */
  receive(bytes: Uint8Array, pipelineId: string | undefined): Result<void> {
    if (this.#session.failure !== undefined) return err(this.#session.failure);
    const received = this.#receive(bytes, pipelineId);
    if (!received.ok) this.#session.fail(received.error);
    return received;
  }

  /** Takes the request of another client to connect; gives the answer. */
  connect(connectXml: Uint8Array): Result<Uint8Array> {
    const session = this.#session;
    if (session.poolState !== 'Opened') return wrongState('Connecting', session.poolState);
    const stream = new Reassembler();
    const messages = stream.receive(connectXml);
    if (!messages.ok) return messages;
    const [first, second] = messages.value.map((bytes) => decodeMessage(bytes));
    if (first?.ok !== true || second?.ok !== true || second.value.type !== 'connect-runspacepool') {
      return err(failure('psrp.malformed', { reason: 'it is no request to connect to a pool' }));
    }
    const client = decodeSessionCapability(first.value.body);
    if (!client.ok) return client;
    const answer: Uint8Array[] = [];
    for (const part of [
      session.writer.write('session-capability', emptyGuid, session.capability()),
      session.writer.write('runspacepool-init-data', emptyGuid, encodeRunspaceBounds(session.bounds)),
    ]) {
      if (!part.ok) return part;
      answer.push(...part.value);
    }
    session.meet(client.value);
    session.introduce();
    this.#poolStream = stream;
    return ok(concatBytes(...answer));
  }

  #receive(bytes: Uint8Array, pipelineId: string | undefined): Result<void> {
    const { pipelines, writer } = this.#session;
    const stream = pipelineId === undefined ? this.#poolStream : pipelines.streamOf(pipelineId);
    const messages = stream.receive(bytes);
    if (!messages.ok) return messages;
    for (const bytesOfMessage of messages.value) {
      const message = decodeMessage(bytesOfMessage, writer.cipher);
      if (!message.ok) return message;
      const handled = this.#handle(message.value, pipelineId);
      if (!handled.ok) return handled;
    }
    return ok(undefined);
  }

  #handle(message: PsrpMessage, transportId: string | undefined): Result<void> {
    const { client, pipelines, events } = this.#session;
    if (message.destination !== 'server') {
      return err(failure('psrp.malformed', { reason: `${message.type} is addressed to a client` }));
    }
    if (message.type === 'session-capability') return this.#negotiate(message);
    const ownId = message.pipelineId === emptyGuid ? undefined : message.pipelineId;
    const pipelineId = transportId ?? ownId;
    // Input that was under way when its pipeline ended is nobody's fault.
    const isLate = message.type !== 'create-pipeline' && pipelines.hasEnded(pipelineId ?? emptyGuid);
    if (isLate) return ok(undefined);
    const refused = this.#problemOf(message.type, pipelineId);
    if (refused !== undefined) return err(refused);
    const event = readClientMessage(message, pipelineId, client);
    if (!event.ok) return event;
    events.push(event.value);
    this.#apply(event.value, message.body);
    return ok(undefined);
  }

  #apply(event: PsrpServerEvent, body: PsValue | undefined): void {
    const session = this.#session;
    switch (event.kind) {
      case 'open':
        session.poolState = 'Opening';
        session.bounds = { minRunspaces: event.minRunspaces, maxRunspaces: event.maxRunspaces };
        break;
      case 'pipeline':
      case 'command-query':
        session.pipelines.start(event.pipelineId);
        break;
      case 'runspace-request':
        session.requests.set(event.callId, event.request);
        break;
      case 'public-key':
        session.publicKey = decodePublicKey(textOf(propertyOf(body, 'PublicKey')) ?? '');
        break;
      default:
        break;
    }
  }

  #negotiate(message: PsrpMessage): Result<void> {
    const session = this.#session;
    if (session.poolState !== 'BeforeOpen' || session.client !== undefined) {
      return wrongState('Negotiating again', session.poolState);
    }
    const client = decodeSessionCapability(message.body);
    if (!client.ok) return client;
    session.meet(client.value);
    session.writer.poolId = message.poolId;
    session.send('session-capability', emptyGuid, session.capability());
    return ok(undefined);
  }

  /** Why a message must not come now; undefined when it may. */
  #problemOf(type: MessageType, pipelineId: string | undefined): Failure | undefined {
    const { poolState, client, pipelines } = this.#session;
    const wanted: PoolState = type === 'init-runspacepool' ? 'BeforeOpen' : 'Opened';
    if (poolState !== wanted || client === undefined) {
      return failure('psrp.state', { action: type, what: 'runspace pool', state: poolState });
    }
    if (pipelineId === undefined) return undefined;
    const state = pipelines.stateOf(pipelineId);
    const creates = type === 'create-pipeline' || type === 'get-command-metadata';
    if (creates === (state === undefined)) return undefined;
    return failure('psrp.state', { action: type, what: 'pipeline', state: state ?? 'NotStarted' });
  }
}

function wrongState(action: string, state: string): Result<never> {
  return err(failure('psrp.state', { action, what: 'runspace pool', state }));
}
