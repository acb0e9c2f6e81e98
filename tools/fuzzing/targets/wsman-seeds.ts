import { minutes, seconds } from '../../../src/core/time.ts';
import { commandLine } from '../../../src/wire/wsman/command-line.ts';
import { configGot } from '../../../src/wire/wsman/config.ts';
import { connect, connected } from '../../../src/wire/wsman/connect.ts';
import { createShell } from '../../../src/wire/wsman/create-shell.ts';
import { commandStarted, pipelineCommand } from '../../../src/wire/wsman/command.ts';
import { deleteShell } from '../../../src/wire/wsman/delete.ts';
import { buildReply, buildRequest } from '../../../src/wire/wsman/envelope.ts';
import type { WsmanMessage } from '../../../src/wire/wsman/envelope.ts';
import { faultMessage } from '../../../src/wire/wsman/fault-message.ts';
import { disconnect } from '../../../src/wire/wsman/disconnect.ts';
import { enumerate, pull, release } from '../../../src/wire/wsman/enumerate.ts';
import { commandsEnumerated, shellsEnumerated } from '../../../src/wire/wsman/enumerated.ts';
import { shellGot } from '../../../src/wire/wsman/get-shell.ts';
import { resourceUris } from '../../../src/wire/wsman/namespaces.ts';
import { receive, received } from '../../../src/wire/wsman/receive.ts';
import { send } from '../../../src/wire/wsman/send.ts';
import { shellCreated } from '../../../src/wire/wsman/shell-created.ts';
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

const fragments = new Uint8Array(30);
const shell = {
  ...{
    shellId: guid,
    resourceUri: resourceUris.cmd,
    owner: 'CORP\\ops',
    processId: 4711,
    name: 'countersign',
  },
  ...{ environment: { A: '1' }, idleTimeout: minutes(5), runTime: seconds(3), inactivity: seconds(1) },
  ...({
    inputStreams: 'stdin',
    outputStreams: 'stdout stderr',
    bufferMode: 'Block',
    state: 'Connected',
  } as const),
};

/** Requests as our client writes them. */
export function ownRequests(): readonly Uint8Array[] {
  const streams = { inputStreams: 'stdin', outputStreams: 'stdout stderr', idleTimeout: minutes(5) };
  const cmd = {
    environment: { PATH: 'C:\\' },
    workingDirectory: 'C:\\Temp',
    name: 'x',
    lifetime: minutes(9),
  };
  return [
    createShell({ shellId: undefined, creationXml: undefined, ...streams, ...cmd }),
    createShell({ shellId: guid, creationXml: fragments, ...streams }),
    commandLine({ command: 'ipconfig', arguments: ['/all', 'a b'], commandId: guid, skipCmdShell: true }),
    pipelineCommand({ commandId: guid, fragments }),
    send({ stream: 'stdin', commandId: guid, data: fragments, end: true }),
    receive({ streams: 'stdout', commandId: guid }),
    signal({ commandId: guid, code: 'powershell/signal/crtl_c' }),
    disconnect({ idleTimeout: minutes(2), bufferMode: 'Drop' }),
    connect({ commandId: guid, connectXml: fragments }),
    enumerate({ maxElements: 10, shellId: guid }),
    pull({ context: guid, maxElements: 10 }),
    release(guid),
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
  const streams = [
    { stream: 'stdout', data: new Uint8Array(40) },
    { stream: 'stderr', data: Uint8Array.of(1, 2) },
  ];
  const command = { commandId: guid, commandLine: 'ipconfig', state: 'Running' };
  return [
    shellCreated('http://web-01:5985/wsman', shell),
    commandStarted(guid),
    received(guid, { streams, state: 'done', exitCode: 3 }),
    connected({ inputStreams: 'stdin pr', outputStreams: 'stdout', connectResponseXml: fragments }),
    shellGot(shell),
    configGot({ maxEnvelopeBytes: 512_000, maxOperationTimeout: minutes(1), maxShellsPerUser: 30 }),
    shellsEnumerated('enumerate', { items: [shell], context: guid }),
    commandsEnumerated('pull', { items: [command], context: undefined }),
    faultMessage(timedOut, 'WEB-01'),
  ].map((message) => buildReply({ messageId: guid, relatesTo: `uuid:${guid}` }, message));
}
