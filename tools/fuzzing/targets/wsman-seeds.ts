import { seconds } from '../../../src/core/time.ts';
import { commandStarted, pipelineCommand } from '../../../src/wire/wsman/command.ts';
import { deleteShell } from '../../../src/wire/wsman/delete.ts';
import { buildReply, buildRequest } from '../../../src/wire/wsman/envelope.ts';
import type { WsmanMessage } from '../../../src/wire/wsman/envelope.ts';
import { faultMessage } from '../../../src/wire/wsman/fault-message.ts';
import { receive, received } from '../../../src/wire/wsman/receive.ts';
import { signal } from '../../../src/wire/wsman/signal.ts';

const guid = '2d6534d0-6b12-40e3-b773-cba26459cfa8';

function request(message: WsmanMessage): Uint8Array {
  return buildRequest(
    {
      to: 'http://web-01:5985/wsman',
      resourceUri: 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell',
      messageId: guid,
      sessionId: guid,
      maxEnvelopeBytes: 153_600,
      operationTimeout: seconds(20),
      shellId: guid,
    },
    message,
  );
}

/** Requests as our client writes them. */
export function ownRequests(): readonly Uint8Array[] {
  return [
    pipelineCommand({ commandId: guid, fragments: new Uint8Array(30) }),
    receive({ streams: 'stdout', commandId: guid }),
    signal({ commandId: guid, code: 'powershell/signal/crtl_c' }),
    deleteShell(),
  ].map(request);
}

/** Answers as our server half writes them. */
export function ownReplies(): readonly Uint8Array[] {
  const timedOut = {
    side: 'receiver',
    subcode: 'TimedOut',
    code: 2_150_858_793,
    reason: 'too late',
  } as const;
  return [
    commandStarted(guid),
    received(guid, {
      streams: [
        { stream: 'stdout', data: new Uint8Array(40) },
        { stream: 'stderr', data: Uint8Array.of(1, 2) },
      ],
      state: 'done',
      exitCode: 3,
    }),
    faultMessage(timedOut, 'WEB-01'),
  ].map((message) => buildReply({ messageId: guid, relatesTo: `uuid:${guid}` }, message));
}
