import type { PsValue } from '../../core/ps-value.ts';
import type { CommandQuery } from './command-metadata.ts';
import type { CreatePipeline, Statement } from './create-pipeline.ts';
import type { MessageType } from './message.ts';
import type { SessionCapability } from './session-capability.ts';
import type { InitRunspacePool } from './init-runspacepool.ts';
import type { RunspaceRequest } from './runspace-requests.ts';

/** What a client wants of the server. */
export type PsrpServerEvent =
  /** The handshake is complete: answer with `opened` or `broken`. */
  | ({
      readonly kind: 'open';
      readonly poolId: string;
      readonly client: SessionCapability;
    } & InitRunspacePool)
  | ({
      readonly kind: 'pipeline';
      readonly pipelineId: string;
      /** The commands of the first statement, which is the only one for most clients. */
      readonly commands: Statement;
    } & CreatePipeline)
  /** The client asks which commands there are: answer with `output` (the count first), then `finish`. */
  | { readonly kind: 'command-query'; readonly pipelineId: string; readonly query: CommandQuery }
  /** Answer with `answerRequest`. */
  | { readonly kind: 'runspace-request'; readonly callId: bigint; readonly request: RunspaceRequest }
  /** The client sent its public key: answer with `sendSessionKey`. */
  | { readonly kind: 'public-key' }
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
  /** A message that has no business here. */
  | { readonly kind: 'pool-message'; readonly type: MessageType; readonly body: PsValue | undefined };
