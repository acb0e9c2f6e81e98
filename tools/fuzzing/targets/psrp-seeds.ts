import { psRecord } from '../../../src/core/ps-value.ts';
import type { PsProgress } from '../../../src/core/ps-value.ts';
import { PsrpClient } from '../../../src/wire/psrp/client.ts';
import { errorRecord } from '../../../src/wire/psrp/error-record.ts';
import { PsrpServer } from '../../../src/wire/psrp/server.ts';
import type { UserEvent } from '../../../src/wire/psrp/user-event.ts';
import { valueOf } from '../contract.ts';

export const poolId = '2d6534d0-6b12-40e3-b773-cba26459cfa8';
export const pipelineId = 'a5f5cd6c-5f0a-4a8e-9f1c-6a8f5b1f3a01';

const progress: PsProgress = {
  ...{
    kind: 'progress',
    activity: 'Copying',
    activityId: 1,
    status: 'half',
    currentOperation: 'a',
    type: 'Processing',
  },
  ...{ parentActivityId: -1, percentComplete: 50, secondsRemaining: 9 },
};

const userEvent: UserEvent = {
  ...{
    eventId: 1,
    sourceId: 'timer',
    time: '2026-11-25T02:00:00Z',
    sender: null,
    arguments: ['a'],
    data: 'b',
  },
  ...{ computerName: 'WEB-01', runspaceId: poolId },
};

/** Bytes that our two halves say to each other. */
export interface Conversation {
  readonly fromClient: readonly Uint8Array[];
  readonly fromServer: readonly Uint8Array[];
  /** The part of `fromServer` that opens the pool. */
  readonly handshake: readonly Uint8Array[];
}

/** A pool is opened and runs one pipeline that writes to its streams. */
export function ownConversation(): Conversation {
  const client = new PsrpClient({ poolId, minRunspaces: 1, maxRunspaces: 1, maxFragmentBytes: 32_768 });
  const server = new PsrpServer({ psVersion: '5.1.1.1', protocolVersion: '2.3', maxFragmentBytes: 4096 });
  const opening = must(valueOf(client.open()));
  valueOf(server.receive(opening));
  while (server.next() !== undefined);
  server.opened();
  const handshake = server.take(undefined);
  for (const bytes of handshake) valueOf(client.receive(bytes));
  const command = { text: 'Get-Service', isScript: false, parameters: [{ name: 'Name', value: 'spooler' }] };
  const created = must(
    valueOf(client.createPipeline({ id: pipelineId, commands: [command], noInput: false })),
  );
  const input = must(valueOf(client.input(pipelineId, 'x')));
  const ended = must(valueOf(client.endInput(pipelineId)));
  for (const bytes of created) valueOf(server.receive(bytes, pipelineId));
  while (server.next() !== undefined);
  server.output(
    pipelineId,
    psRecord({ Name: 'spooler', Status: 4 }, ['System.ServiceProcess.ServiceController']),
  );
  server.error(pipelineId, errorRecord({ message: 'no such service' }));
  server.message(pipelineId, 'warning', 'slow');
  server.information(pipelineId, { data: 'told', source: 'script' });
  server.progress(pipelineId, progress);
  server.hostCall(pipelineId, { callId: 1n, methodId: 11, parameters: ['Name'] });
  server.finish(pipelineId, 'Completed');
  server.userEvent(userEvent);
  const streams = [...server.take(undefined), ...server.take(pipelineId)];
  return {
    fromClient: [opening, ...created, ...input, ...ended],
    fromServer: [...handshake, ...streams],
    handshake,
  };
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('our own conversation failed');
  return value;
}
