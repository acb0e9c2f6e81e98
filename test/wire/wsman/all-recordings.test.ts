import { describe, expect, test } from 'vitest';
import type { Result } from '../../../src/core/result.ts';
import { ok, unwrap } from '../../../src/core/result.ts';
import { seconds } from '../../../src/core/time.ts';
import { commandLine, parseCommandLine } from '../../../src/wire/wsman/command-line.ts';
import {
  commandStarted,
  parseCommandStarted,
  parsePipelineCommand,
  pipelineCommand,
} from '../../../src/wire/wsman/command.ts';
import { configGot, parseConfigGot } from '../../../src/wire/wsman/config.ts';
import { connect, connected, parseConnect, parseConnected } from '../../../src/wire/wsman/connect.ts';
import { createShell, parseCreateShell } from '../../../src/wire/wsman/create-shell.ts';
import { disconnect, parseDisconnect } from '../../../src/wire/wsman/disconnect.ts';
import { enumerate, parseEnumerate } from '../../../src/wire/wsman/enumerate.ts';
import {
  commandsEnumerated,
  parseCommandsEnumerated,
  parseShellsEnumerated,
  shellsEnumerated,
} from '../../../src/wire/wsman/enumerated.ts';
import { buildReply } from '../../../src/wire/wsman/envelope.ts';
import type { WsmanMessage } from '../../../src/wire/wsman/envelope.ts';
import { faultMessage, parseFault } from '../../../src/wire/wsman/fault-message.ts';
import { parseShellGot, shellGot } from '../../../src/wire/wsman/get-shell.ts';
import { actionName, resourceUris } from '../../../src/wire/wsman/namespaces.ts';
import { parseEnvelope } from '../../../src/wire/wsman/parse-envelope.ts';
import type { Envelope } from '../../../src/wire/wsman/parse-envelope.ts';
import { parseReceive, parseReceived, receive, received } from '../../../src/wire/wsman/receive.ts';
import { parseSend, send } from '../../../src/wire/wsman/send.ts';
import { parseShellCreated, shellCreated } from '../../../src/wire/wsman/shell-created.ts';
import type { ShellDescription } from '../../../src/wire/wsman/shell-description.ts';
import { parseSignal, signal } from '../../../src/wire/wsman/signal.ts';
import { areExchangesMissing, envelope, recorded, recordings } from './exchanges.ts';

/** Reads, writes again, reads again. */
const bothWays = <T>(
  given: Envelope,
  read: (envelope: Envelope) => Result<T>,
  write: (value: T) => WsmanMessage,
): readonly [T, T] => {
  const value = unwrap(read(given));
  const message = write(value);
  expect(message.action).toBe(given.action);
  return [value, unwrap(read(again(message, given)))];
};

/** Carries over what our own builders put into the header. */
const again = (message: WsmanMessage, { resourceUri }: Envelope): Envelope => {
  const parsed = unwrap(parseEnvelope(buildReply({ messageId: 'B', relatesTo: '' }, message), 'our own'));
  const options = new Map((message.options ?? []).map(({ name, value }) => [name, value]));
  return { ...parsed, resourceUri, options };
};

/** Windows Server 2008 R2 tells no more of a PowerShell shell than its id. */
const createdShell = (given: Envelope): Result<ShellDescription> => {
  const { shell, ...named } = unwrap(parseShellCreated(given));
  return ok(shell ?? named);
};

const nothing = (given: Envelope): readonly [unknown, unknown] => [given.body, []];

const requests: Readonly<Record<string, (given: Envelope) => readonly [unknown, unknown]>> = {
  Create: (it) => bothWays(it, parseCreateShell, createShell),
  Command: (it) =>
    it.resourceUri === resourceUris.cmd
      ? bothWays(it, parseCommandLine, commandLine)
      : bothWays(it, parsePipelineCommand, pipelineCommand),
  Send: (it) => bothWays(it, parseSend, send),
  Receive: (it) => bothWays(it, parseReceive, receive),
  Signal: (it) => bothWays(it, parseSignal, signal),
  Disconnect: (it) => bothWays(it, parseDisconnect, disconnect),
  Connect: (it) => bothWays(it, parseConnect, connect),
  Enumerate: (it) => bothWays(it, parseEnumerate, enumerate),
  Reconnect: nothing,
  Delete: nothing,
  Get: nothing,
};

const answers: Readonly<Record<string, (given: Envelope, asked: Envelope) => readonly [unknown, unknown]>> = {
  Create: (it) => bothWays(it, createdShell, (shell) => shellCreated('http://x', shell)),
  Command: (it) => bothWays(it, parseCommandStarted, commandStarted),
  Receive: (it) => bothWays(it, parseReceived, (value) => received('C', value)),
  Connect: (it) => bothWays(it, parseConnected, connected),
  Enumerate: (it, { resourceUri }) =>
    resourceUri === resourceUris.shells
      ? bothWays(it, parseShellsEnumerated, (list) => shellsEnumerated('enumerate', list))
      : bothWays(it, parseCommandsEnumerated, (list) => commandsEnumerated('enumerate', list)),
  Get: (it, { resourceUri }) =>
    resourceUri === resourceUris.shells
      ? bothWays(it, parseShellGot, shellGot)
      : bothWays(it, parseConfigGot, configGot),
  Send: (it) => [it.action.endsWith('/SendResponse'), true],
  Signal: (it) => [it.action.endsWith('/SignalResponse'), true],
  Disconnect: nothing,
  Reconnect: nothing,
  Delete: nothing,
};

describe.skipIf(areExchangesMissing)('every recorded exchange', () => {
  test('is there', () => {
    expect(recordings()).toHaveLength(46);
  });

  test.each(recordings())('%s: requests are read by the server half, and written the same', (name) => {
    for (const { request } of recorded(name)) {
      const asked = envelope(request);
      const [value, written] = requests[actionName(asked.action)]!(asked);
      expect(written).toEqual(value);
    }
  });

  test.each(recordings())('%s: answers are read by the client half, and written the same', (name) => {
    for (const { request, response } of recorded(name)) {
      if (response === undefined) continue;
      const answer = envelope(response);
      const asked = envelope(request);
      const fault = parseFault(answer);
      expect(answer.relatesTo).toMatch(/^uuid:/);
      const [value, written] =
        fault === undefined
          ? answers[actionName(asked.action)]!(answer, asked)
          : [fault, parseFault(again(faultMessage(fault, 'WEB-01'), answer))];
      expect(written).toEqual(value);
    }
  });
});

describe.skipIf(areExchangesMissing)('what the recordings say', () => {
  const asked = (name: string, index: number): Envelope => envelope(recorded(name)[index]!.request);
  const answered = (name: string, index: number): Envelope => envelope(recorded(name)[index]!.response!);

  test('of a cmd shell with a name and a life of its own', () => {
    expect(unwrap(parseCreateShell(asked('test_winrs_extra_opts', 0)))).toEqual({
      ...{
        shellId: undefined,
        inputStreams: 'stdin',
        outputStreams: 'stdout stderr',
        creationXml: undefined,
      },
      ...{
        idleTimeout: seconds(60),
        lifetime: seconds(60),
        name: 'shell 1',
        workingDirectory: 'C:\\Windows',
      },
    });
    expect(unwrap(parseShellCreated(answered('test_winrs_extra_opts', 0))).shell).toMatchObject({
      ...{ owner: 'vagrant', clientAddress: '192.168.56.1', workingDirectory: 'C:\\Windows' },
      ...{ idleTimeout: seconds(60), runTime: 0, inactivity: 0 },
    });
  });

  test('of variables whose names and values are full of signs', () => {
    const signs = '_-(){}[]<>*+-/\\?"!@#$^&|;:i,.`~0';

    expect(unwrap(parseCreateShell(asked('test_winrs_environment', 0))).environment).toEqual({
      ...{ env1: 'var1', 1234: '5678' },
      [signs]: signs,
    });
  });

  test('of a command line and what it wrote', () => {
    expect(unwrap(parseCommandLine(asked('test_winrs_standard', 1)))).toEqual({
      command: 'cmd.exe',
      arguments: ['/c', 'echo', 'hi'],
      skipCmdShell: false,
    });
    expect(unwrap(parseReceived(answered('test_winrs_send', 4)))).toMatchObject({
      streams: [
        ...[{ stream: 'stdout' }, { stream: 'stdout' }, { stream: 'stdout' }],
        ...[
          { stream: 'stdout', end: true },
          { stream: 'stderr', end: true },
        ],
      ],
      ...{ state: 'done', exitCode: 0 },
    });
  });

  test('of input that ends', () => {
    expect(unwrap(parseSend(asked('test_winrs_send', 2)))).not.toHaveProperty('end');
    expect(unwrap(parseSend(asked('test_winrs_send', 3)))).toMatchObject({ end: true });
  });

  test('of disconnected shells and their commands', () => {
    const shells = unwrap(parseShellsEnumerated(answered('test_psrp_disconnected_commands', 10)));
    expect(shells.context).toBeUndefined();
    expect(shells.items.map(({ state }) => state)).toEqual(['Disconnected', 'Disconnected']);
    expect(unwrap(parseEnumerate(asked('test_psrp_disconnected_commands', 11)))).toEqual({
      maxElements: 32_000,
      shellId: shells.items[0]!.shellId,
    });
    expect(unwrap(parseCommandsEnumerated(answered('test_psrp_disconnected_commands', 11)))).toEqual({
      items: [{ commandId: 'DB4E8DCF-51CC-423F-A7DF-5D0EA0D6FA08', commandLine: '', state: 'Running' }],
      context: undefined,
    });
  });

  test('of taking over a pool and then its command', () => {
    const pool = unwrap(parseConnect(asked('test_psrp_disconnected_commands', 13)));
    expect(pool.connectXml!.length).toBeGreaterThan(200);
    expect(unwrap(parseConnected(answered('test_psrp_disconnected_commands', 13)))).toMatchObject({
      ...{ inputStreams: 'stdin pr', outputStreams: 'stdout' },
    });
    expect(unwrap(parseConnect(asked('test_psrp_disconnected_commands', 15)))).toEqual({
      commandId: 'DB4E8DCF-51CC-423F-A7DF-5D0EA0D6FA08',
    });
    expect(unwrap(parseConnected(answered('test_psrp_disconnected_commands', 15)))).toEqual({});
  });

  test('of the settings of two generations', () => {
    expect(unwrap(parseConfigGot(answered('test_wsman_update_envelope_size_150', 0)))).toMatchObject({
      ...{ maxEnvelopeBytes: 153_600, maxOperationTimeout: seconds(60), allowsUnencrypted: false },
      ...{ maxConcurrentOperationsPerUser: 1500 },
    });
    expect(unwrap(parseConfigGot(answered('test_wsman_update_envelope_size_500', 0)))).toMatchObject({
      maxEnvelopeBytes: 512_000,
    });
  });
});
