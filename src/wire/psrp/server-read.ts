import { failure } from '../../core/failure.ts';
import { propertyOf } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { decodeCommandQuery } from './command-metadata.ts';
import { decodeCreatePipeline } from './create-pipeline.ts';
import { decodeInitRunspacePool } from './init-runspacepool.ts';
import type { PsrpMessage } from './message.ts';
import { decodeRunspaceRequest } from './runspace-requests.ts';
import type { PsrpServerEvent } from './server-event.ts';
import type { SessionCapability } from './session-capability.ts';

/** Reads a message for the server, after the handshake's first, as an event. */
export function readClientMessage(
  message: PsrpMessage,
  pipelineId: string | undefined,
  client: SessionCapability | undefined,
): Result<PsrpServerEvent> {
  const { type, body } = message;
  if (type === 'init-runspacepool' && client !== undefined) {
    const init = decodeInitRunspacePool(body);
    return init.ok ? ok({ kind: 'open', poolId: message.poolId, client, ...init.value }) : init;
  }
  if (type === 'pool-host-response') return readHostResponse(undefined, body);
  if (pipelineId === undefined) return readPoolMessage(message);
  switch (type) {
    case 'get-command-metadata':
      return ok({ kind: 'command-query', pipelineId, query: decodeCommandQuery(body) });
    case 'create-pipeline':
      return readCreatePipeline(pipelineId, body);
    case 'pipeline-input':
      return ok({ kind: 'input', pipelineId, value: body ?? null });
    case 'end-of-pipeline-input':
      return ok({ kind: 'end-of-input', pipelineId });
    case 'pipeline-host-response':
      return readHostResponse(pipelineId, body);
    default:
      return readPoolMessage(message);
  }
}

function readPoolMessage({ type, body }: PsrpMessage): Result<PsrpServerEvent> {
  switch (type) {
    case 'get-available-runspaces':
    case 'set-min-runspaces':
    case 'set-max-runspaces':
    case 'reset-runspace-state': {
      const request = decodeRunspaceRequest(type, body);
      return request.ok ? ok({ kind: 'runspace-request', ...request.value }) : request;
    }
    case 'public-key':
      return ok({ kind: 'public-key' });
    default:
      return ok({ kind: 'pool-message', type, body });
  }
}

function readCreatePipeline(pipelineId: string, body: PsValue | undefined): Result<PsrpServerEvent> {
  const pipeline = decodeCreatePipeline(body);
  if (!pipeline.ok) return pipeline;
  const [commands] = pipeline.value.statements;
  return ok({ kind: 'pipeline', pipelineId, commands, ...pipeline.value });
}

function readHostResponse(
  pipelineId: string | undefined,
  body: PsValue | undefined,
): Result<PsrpServerEvent> {
  const callId = propertyOf(body, 'ci');
  if (typeof callId !== 'bigint') {
    return err(failure('psrp.malformed', { reason: 'a host response has no call id' }));
  }
  const value = propertyOf(body, 'mr') ?? null;
  return ok({ kind: 'host-response', pipelineId, callId, value, error: propertyOf(body, 'me') });
}
