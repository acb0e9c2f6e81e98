import type { PsValue } from '../../core/ps-value.ts';
import type { Statement } from './create-pipeline.ts';
import type { HostInfo } from './host-info.ts';
import type { MessageType } from './message.ts';
import type { SessionCapability } from './session-capability.ts';
import type { InitRunspacePool } from './init-runspacepool.ts';

/** What a client wants of the server. */
export type PsrpServerEvent =
  /** The handshake is complete: answer with `opened` or `broken`. */
  | ({
      readonly kind: 'open';
      readonly poolId: string;
      readonly client: SessionCapability;
    } & InitRunspacePool)
  | {
      readonly kind: 'pipeline';
      readonly pipelineId: string;
      /** The commands of the first statement, which is the only one for most clients. */
      readonly commands: Statement;
      readonly statements: readonly [Statement, ...Statement[]];
      /** True when no input follows. */
      readonly noInput: boolean;
      readonly host: HostInfo;
    }
  | { readonly kind: 'input'; readonly pipelineId: string; readonly value: PsValue }
  | { readonly kind: 'end-of-input'; readonly pipelineId: string }
  /** The client answered a host call with a value (`null` for none) or an error. */
  | {
      readonly kind: 'host-response';
      readonly pipelineId: string | undefined;
      readonly callId: bigint;
      readonly value: PsValue;
      readonly error: PsValue | undefined;
    }
  /** A request of the pool that has no answer of its own here. */
  | { readonly kind: 'pool-message'; readonly type: MessageType; readonly body: PsValue | undefined };
