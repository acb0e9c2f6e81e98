import { failure } from '../../core/failure.ts';
import { psRecord } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { RsaKeyPair } from '../../core/rsa-key-pair.ts';
import type { HostCallEvent, PsrpClientEvent } from './client-event.ts';
import type { PsrpClientOptions } from './client-options.ts';
import { ClientPipelines } from './client-pipelines.ts';
import { emptyGuid } from './guid.ts';
import { encodeHostAnswer } from './host-call.ts';
import type { HostAnswer } from './host-call.ts';
import { noHost } from './host.ts';
import type { PsrpHost } from './host.ts';
import { MessageWriter } from './message-writer.ts';
import { isAtLeast } from './session-capability.ts';
import { encodePublicKey, openSecrets } from './session-key.ts';
import type { PoolState } from './states.ts';

/** What is to be sent, one fragment each, or why it cannot be. */
export type Fragments = Result<readonly Uint8Array[]>;

/** What the halves of a client share: the state of the pool, and what both of them can be made to say. */
export class ClientSession {
  readonly host: PsrpHost;
  readonly writer: MessageWriter;
  readonly pipelines = new ClientPipelines();
  readonly events: PsrpClientEvent[] = [];
  poolState: PoolState = 'BeforeOpen';
  #protocolVersion: string;
  #keyPair: RsaKeyPair | undefined;

  constructor(options: PsrpClientOptions) {
    this.host = options.host ?? noHost;
    this.writer = new MessageWriter('server', options.poolId, options.maxFragmentBytes);
    this.#protocolVersion = options.protocolVersion ?? '2.3';
    this.#keyPair = options.keyPair;
  }

  /** The version that both sides speak; ours until the server has named its own. */
  get protocolVersion(): string {
    return this.#protocolVersion;
  }

  get keyPair(): RsaKeyPair | undefined {
    return this.#keyPair;
  }

  /** Takes the server's version; one that knows a later one has come down to ours, whatever it says. */
  negotiate(theirs: string): void {
    if (!isAtLeast(theirs, this.#protocolVersion)) this.#protocolVersion = theirs;
    if (isAtLeast(this.#protocolVersion, '2.4')) this.writer.cipher = openSecrets;
  }

  exchangeKeys(keyPair: RsaKeyPair): Fragments {
    if (this.poolState !== 'Opened') return wrongState('Exchanging keys', 'runspace pool', this.poolState);
    if (isAtLeast(this.#protocolVersion, '2.4')) {
      this.events.push({ kind: 'session-key' });
      return ok([]);
    }
    const body = psRecord({ PublicKey: encodePublicKey(keyPair) });
    const fragments = this.writer.write('public-key', emptyGuid, body);
    if (fragments.ok) this.#keyPair = keyPair;
    return fragments;
  }

  answerHostCall({ pipelineId, call }: HostCallEvent, answer: HostAnswer): Fragments {
    if (call.callId === undefined) return ok([]);
    const body = encodeHostAnswer(call.callId, call.methodId, answer);
    const type = pipelineId === undefined ? 'pool-host-response' : 'pipeline-host-response';
    return this.writer.write(type, pipelineId ?? emptyGuid, body);
  }
}

export function wrongState(action: string, what: string, state: string): Result<never> {
  return err(failure('psrp.state', { action, what, state }));
}
