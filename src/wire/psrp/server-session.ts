import type { Failure } from '../../core/failure.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { encodeApplicationPrivateData } from './application-private-data.ts';
import type { ErrorRecord } from './error-record.ts';
import { emptyGuid } from './guid.ts';
import type { RunspaceBounds } from './init-runspacepool.ts';
import { MessageWriter } from './message-writer.ts';
import type { MessageType } from './message.ts';
import type { RunspaceRequest } from './runspace-requests.ts';
import type { PsrpServerEvent } from './server-event.ts';
import type { PsrpServerOptions } from './server-options.ts';
import { ServerPipelines } from './server-pipelines.ts';
import { encodeSessionCapability, isAtLeast, sessionCapability } from './session-capability.ts';
import type { SessionCapability } from './session-capability.ts';
import { openSecrets } from './session-key.ts';
import type { PublicKey } from './session-key.ts';
import { encodePoolState } from './states.ts';
import type { PoolState } from './states.ts';

/** What the halves of a server share: the state of the pool, and what waits to be fetched by the client. */
export class ServerSession {
  readonly options: PsrpServerOptions;
  readonly writer: MessageWriter;
  readonly pipelines = new ServerPipelines();
  readonly events: PsrpServerEvent[] = [];
  readonly requests = new Map<bigint, RunspaceRequest>();
  readonly #outbox = new Map<string, Uint8Array[]>();
  bounds: RunspaceBounds = { minRunspaces: 1, maxRunspaces: 1 };
  poolState: PoolState = 'BeforeOpen';
  publicKey: PublicKey | undefined;
  #client: SessionCapability | undefined;
  #failure: Failure | undefined;

  constructor(options: PsrpServerOptions) {
    this.options = options;
    this.writer = new MessageWriter('client', emptyGuid, options.maxFragmentBytes);
  }

  /** The client, once it has named its version. */
  get client(): SessionCapability | undefined {
    return this.#client;
  }

  /** The version both sides know, once the client has named its own. */
  get protocolVersion(): string {
    const ours = this.options.protocolVersion;
    const theirs = this.#client?.protocolVersion;
    return theirs !== undefined && isAtLeast(ours, theirs) ? theirs : ours;
  }

  /** Why the session cannot go on; the first reason stays. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  fail(reason: Failure): void {
    this.#failure ??= reason;
  }

  /** Takes a client that has named its version; an earlier one and its key are forgotten. */
  meet(client: SessionCapability): void {
    this.#client = client;
    this.publicKey = undefined;
    this.writer.cipher = isAtLeast(this.protocolVersion, '2.4') ? openSecrets : undefined;
  }

  /** Our own version, as SESSION_CAPABILITY. */
  capability(): PsValue {
    return encodeSessionCapability(sessionCapability(this.options.protocolVersion));
  }

  /** Says who we are. */
  introduce(): void {
    const { psVersion, protocolVersion } = this.options;
    const data = encodeApplicationPrivateData(psVersion, protocolVersion);
    this.send('application-private-data', emptyGuid, data);
  }

  setPoolState(state: PoolState, reason?: ErrorRecord): void {
    this.poolState = state;
    this.send('runspacepool-state', emptyGuid, encodePoolState(state, reason));
  }

  /** Sends for a pipeline, as long as it runs. */
  sendRecord(type: MessageType, pipelineId: string, body: PsValue): void {
    if (this.pipelines.stateOf(pipelineId) === 'Running') this.send(type, pipelineId, body);
  }

  send(type: MessageType, pipelineId: string, body: PsValue): void {
    const fragments = this.writer.write(type, pipelineId, body);
    if (!fragments.ok) {
      this.fail(fragments.error);
      return;
    }
    const key = pipelineId.toLowerCase();
    const waiting = this.#outbox.get(key) ?? [];
    for (const fragment of fragments.value) waiting.push(fragment);
    this.#outbox.set(key, waiting);
  }

  /** Takes what waits for the pool or a pipeline. */
  take(pipelineId: string): readonly Uint8Array[] {
    const key = pipelineId.toLowerCase();
    const fragments = this.#outbox.get(key) ?? [];
    this.#outbox.delete(key);
    return fragments;
  }
}
