import type { PsProgress, PsValue } from '../../core/ps-value.ts';
import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { decodeApplicationPrivateData } from './application-private-data.ts';
import type { ApplicationPrivateData } from './application-private-data.ts';
import { decodeErrorRecord } from './error-record.ts';
import type { ErrorRecord } from './error-record.ts';
import { decodeHostCall } from './host-call.ts';
import type { HostCall } from './host-call.ts';
import type { PsrpMessage } from './message.ts';
import { decodeInformationRecord } from './information-record.ts';
import type { InformationRecord } from './information-record.ts';
import { decodeRunspaceBounds } from './init-runspacepool.ts';
import { decodeMessageRecord } from './message-record.ts';
import type { MessageRecord, MessageStream } from './message-record.ts';
import { decodeProgressRecord } from './progress-record.ts';
import { decodeRunspaceAvailability } from './runspace-requests.ts';
import type { RunspaceAvailability } from './runspace-requests.ts';
import { decodeSessionCapability } from './session-capability.ts';
import type { SessionCapability } from './session-capability.ts';
import { decodePipelineState, decodePoolState } from './states.ts';
import type { PipelineState, PoolState } from './states.ts';
import { decodeUserEvent } from './user-event.ts';
import type { UserEvent } from './user-event.ts';

/** What a server told the client. */
export type PsrpClientEvent = PoolEvent | PipelineEvent | HostCallEvent | SendEvent;

export type PoolEvent =
  | ({ readonly kind: 'session-capability' } & SessionCapability)
  | ({ readonly kind: 'application-private-data' } & ApplicationPrivateData)
  | { readonly kind: 'pool-state'; readonly state: PoolState; readonly reason: ErrorRecord | undefined }
  /** The server wants the client's public key, to send a SecureString: call `exchangeKeys`. */
  | { readonly kind: 'public-key-request' }
  /** The session has a key from here on: SecureStrings can travel both ways. */
  | { readonly kind: 'session-key' }
  | ({ readonly kind: 'runspace-availability' } & RunspaceAvailability)
  /** Answer to `connect`: the pool exists and its bounds are these. */
  | {
      readonly kind: 'runspacepool-init-data';
      readonly minRunspaces: number;
      readonly maxRunspaces: number;
    }
  | { readonly kind: 'user-event'; readonly event: UserEvent }
  /** A message that has no business here. */
  | { readonly kind: 'pool-message'; readonly type: PsrpMessage['type']; readonly body: PsValue | undefined };

export type PipelineEvent = { readonly pipelineId: string } & (
  | { readonly kind: 'output'; readonly value: PsValue }
  | { readonly kind: 'error'; readonly error: ErrorRecord }
  | ({ readonly kind: MessageStream } & MessageRecord)
  | { readonly kind: 'information'; readonly record: InformationRecord }
  | { readonly kind: 'progress'; readonly record: PsProgress }
  | {
      readonly kind: 'pipeline-state';
      readonly state: PipelineState;
      /** Why it failed or stopped. */
      readonly reason: ErrorRecord | undefined;
    }
);

/**
 * The server called a method of the host. The answer, where one is wanted, follows as an event `send`, or is given with
 * `PsrpClient.answerHostCall` where the host said `later`.
 */
export interface HostCallEvent {
  readonly kind: 'host-call';
  /** Undefined for calls of the pool. */
  readonly pipelineId: string | undefined;
  readonly call: HostCall;
}

/**
 * Bytes that must go to the server, one fragment each, for a pipeline or the pool: answers of the host on the stream
 * `pr`, the public key on `stdin`.
 */
export interface SendEvent {
  readonly kind: 'send';
  readonly stream: 'pr' | 'stdin';
  readonly pipelineId: string | undefined;
  readonly fragments: readonly Uint8Array[];
}

/** Reads a message for the client as an event; `pipelineId` is the transport's, which is surer than the message's. */
export function readServerMessage(
  { type, body }: PsrpMessage,
  pipelineId: string | undefined,
): Result<PsrpClientEvent> {
  switch (type) {
    case 'session-capability':
      return tag('session-capability', decodeSessionCapability(body));
    case 'application-private-data':
      return ok({ kind: 'application-private-data', ...decodeApplicationPrivateData(body) });
    case 'runspacepool-state':
      return tag('pool-state', decodePoolState(body));
    case 'public-key-request':
      return ok({ kind: 'public-key-request' });
    case 'runspace-availability':
      return tag('runspace-availability', decodeRunspaceAvailability(body));
    case 'runspacepool-init-data':
      return tag('runspacepool-init-data', decodeRunspaceBounds(body));
    case 'user-event':
      return ok({ kind: 'user-event', event: decodeUserEvent(body) });
    case 'pool-host-call':
    case 'pipeline-host-call': {
      const call = decodeHostCall(body);
      return call.ok ? ok({ kind: 'host-call', pipelineId, call: call.value }) : call;
    }
    default:
      if (pipelineId !== undefined) {
        const event = readPipelineMessage(type, body ?? null);
        if (event !== undefined) return event.ok ? ok({ ...event.value, pipelineId }) : event;
      }
      return ok({ kind: 'pool-message', type, body });
  }
}

type WithoutId<Event> = Event extends unknown ? Omit<Event, 'pipelineId'> : never;

function readPipelineMessage(
  type: PsrpMessage['type'],
  body: PsValue,
): Result<WithoutId<PipelineEvent>> | undefined {
  switch (type) {
    case 'pipeline-output':
      return ok({ kind: 'output', value: body });
    case 'error-record':
      return ok({ kind: 'error', error: decodeErrorRecord(body) });
    case 'warning-record':
      return ok({ kind: 'warning', ...decodeMessageRecord(body) });
    case 'verbose-record':
      return ok({ kind: 'verbose', ...decodeMessageRecord(body) });
    case 'debug-record':
      return ok({ kind: 'debug', ...decodeMessageRecord(body) });
    case 'information-record':
      return ok({ kind: 'information', record: decodeInformationRecord(body) });
    case 'progress-record':
      return ok({ kind: 'progress', record: decodeProgressRecord(body) });
    case 'pipeline-state':
      return tag('pipeline-state', decodePipelineState(body));
    default:
      return undefined;
  }
}

function tag<Kind extends string, T extends object>(
  kind: Kind,
  result: Result<T>,
): Result<{ readonly kind: Kind } & T> {
  return result.ok ? ok({ kind, ...result.value }) : result;
}
