import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { milliseconds, seconds } from '../../../src/core/time.ts';
import { commandLine, parseCommandLine } from '../../../src/wire/wsman/command-line.ts';
import { configGot, parseConfigGot } from '../../../src/wire/wsman/config.ts';
import { connect, connected, parseConnect, parseConnected } from '../../../src/wire/wsman/connect.ts';
import { cmdShellOptions, createShell, parseCreateShell } from '../../../src/wire/wsman/create-shell.ts';
import {
  disconnect,
  disconnected,
  parseDisconnect,
  reconnect,
  reconnected,
} from '../../../src/wire/wsman/disconnect.ts';
import {
  enumerate,
  parseEnumerate,
  parsePull,
  parseRelease,
  pull,
  release,
  released,
} from '../../../src/wire/wsman/enumerate.ts';
import {
  commandsEnumerated,
  parseCommandsEnumerated,
  parseShellsEnumerated,
  shellsEnumerated,
} from '../../../src/wire/wsman/enumerated.ts';
import { buildReply, buildRequest } from '../../../src/wire/wsman/envelope.ts';
import type { WsmanMessage } from '../../../src/wire/wsman/envelope.ts';
import { get, parseShellGot, shellGot } from '../../../src/wire/wsman/get-shell.ts';
import { actions, resourceUris } from '../../../src/wire/wsman/namespaces.ts';
import { parseEnvelope } from '../../../src/wire/wsman/parse-envelope.ts';
import type { Envelope } from '../../../src/wire/wsman/parse-envelope.ts';
import { parseReceived, received } from '../../../src/wire/wsman/receive.ts';
import { parseSend, send } from '../../../src/wire/wsman/send.ts';
import type { ShellDescription } from '../../../src/wire/wsman/shell-description.ts';

const header = {
  to: 'http://web-01:5985/wsman',
  resourceUri: resourceUris.cmd,
  messageId: '7A91FD5B-6F0F-45FC-AB9F-A54E0951A4DD',
  sessionId: 'DBC75D41-FD02-414B-AA5D-EF7738E67DC5',
  maxEnvelopeBytes: 153_600,
  operationTimeout: seconds(20),
};
const asRequest = (message: WsmanMessage): Envelope =>
  unwrap(parseEnvelope(buildRequest(header, message), 'a request'));
const asReply = (message: WsmanMessage): Envelope =>
  unwrap(parseEnvelope(buildReply({ messageId: 'B', relatesTo: 'uuid:A' }, message), 'an answer'));
const holding = (body: string, action: string = actions.receive): Envelope => asReply({ action, body });

/** Any text, blanks at its ends included: nothing may be lost of what a program is to see. */
const anyText = fc.string({ unit: 'grapheme' });
const trimmed = anyText.map((it) => it.trim());
const guid = fc.uuid().map((id) => id.toUpperCase());
const length = fc.nat().map(milliseconds);
const bytes = fc.uint8Array({ maxLength: 100 });

describe('both roles agree on', () => {
  test('Create of a cmd shell, its variables to the last blank', () => {
    const request = fc.record(
      {
        ...{ shellId: fc.constant(undefined), creationXml: fc.constant(undefined) },
        ...{ inputStreams: fc.constant('stdin'), outputStreams: fc.constant('stdout stderr') },
        idleTimeout: fc.option(length, { nil: undefined }),
        ...{ lifetime: length, name: trimmed, workingDirectory: trimmed },
        environment: fc.dictionary(anyText, anyText, { minKeys: 1 }),
      },
      { requiredKeys: ['shellId', 'creationXml', 'inputStreams', 'outputStreams', 'idleTimeout'] },
    );
    fc.assert(
      fc.property(request, (create) => {
        const read = unwrap(parseCreateShell(asRequest(createShell(create))));
        expect({ ...read, environment: { ...read.environment } }).toEqual({
          ...create,
          environment: { ...create.environment },
        });
      }),
    );
  });

  test('the options of a cmd shell', () => {
    const message = createShell(plainShell, cmdShellOptions({ codePage: 65_001, noProfile: true }));

    expect([...asRequest(message).options]).toEqual([
      ['WINRS_NOPROFILE', 'TRUE'],
      ['WINRS_CODEPAGE', '65001'],
    ]);
    expect(cmdShellOptions({ noProfile: false })).toEqual([{ name: 'WINRS_NOPROFILE', value: 'FALSE' }]);
    expect(cmdShellOptions({})).toEqual([]);
  });

  test('Command with a line and arguments', () => {
    const request = fc.record(
      {
        ...{ command: anyText, arguments: fc.array(anyText), commandId: guid },
        ...{ consoleInput: fc.boolean(), skipCmdShell: fc.boolean() },
      },
      { requiredKeys: ['command', 'arguments'] },
    );
    fc.assert(
      fc.property(request, (line) => {
        expect(parseCommandLine(asRequest(commandLine(line)))).toEqual({ ok: true, value: line });
      }),
    );
  });

  test('the end of a stream, whichever way it goes', () => {
    const last = { stream: 'stdin', commandId: 'C', data: Uint8Array.of(7), end: true };
    const answer = {
      streams: [
        { stream: 'stdout', data: Uint8Array.of(1) },
        { stream: 'stderr', data: new Uint8Array(0), end: true },
      ],
      ...{ state: 'done' as const, exitCode: -1_073_741_510 },
    };

    expect(parseSend(asRequest(send(last)))).toEqual({ ok: true, value: last });
    expect(parseReceived(asReply(received('C', answer)))).toEqual({ ok: true, value: answer });
  });

  test('Disconnect, and Reconnect with nothing in it', () => {
    const request = fc.record(
      { idleTimeout: length, bufferMode: fc.constantFrom('Block' as const, 'Drop' as const) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(request, (given) => {
        expect(parseDisconnect(asRequest(disconnect(given)))).toEqual({ ok: true, value: given });
      }),
    );
    expect(parseDisconnect(asRequest(disconnect()))).toEqual({ ok: true, value: {} });
    expect(asReply(disconnected())).toMatchObject({ action: actions.disconnectResponse, body: [] });
    expect(asRequest(reconnect())).toMatchObject({ action: actions.reconnect, body: [] });
    expect(asReply(reconnected())).toMatchObject({ action: actions.reconnectResponse, body: [] });
  });

  test('Connect and its answer', () => {
    const request = fc.record({ commandId: guid, connectXml: bytes }, { requiredKeys: [] });
    const answer = fc.record(
      { inputStreams: trimmed, outputStreams: trimmed, connectResponseXml: bytes },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(request, answer, (asked, given) => {
        expect(parseConnect(asRequest(connect(asked)))).toEqual({ ok: true, value: asked });
        expect(parseConnected(asReply(connected(given)))).toEqual({ ok: true, value: given });
      }),
    );
    const version = { name: 'protocolversion', value: '2.3', mustComply: true };
    expect(asRequest(connect({}, [version])).options.get('protocolversion')).toBe('2.3');
  });

  test('Get on a shell', () => {
    fc.assert(
      fc.property(description, (shell) => {
        const read = unwrap(parseShellGot(asReply(shellGot(shell))));
        expect({ ...read, environment: { ...read.environment } }).toEqual({
          ...shell,
          environment: { ...shell.environment },
        });
      }),
    );
    expect(asRequest(get())).toMatchObject({ action: actions.get, body: [] });
  });

  test('Get on the settings', () => {
    const config = fc.record(
      {
        maxEnvelopeBytes: fc.nat(4_000_000).map((count) => count * 1024),
        ...{ maxOperationTimeout: length, maxBatchItems: fc.nat(), maxConnections: fc.nat() },
        ...{ maxConcurrentOperationsPerUser: fc.nat(), allowsUnencrypted: fc.boolean() },
        ...{ maxShellsPerUser: fc.nat(), maxProcessesPerShell: fc.nat(), shellIdleTimeout: length },
        ...{ maxMemoryPerShellMegabytes: fc.nat(), maxConcurrentUsers: fc.nat() },
      },
      { requiredKeys: ['maxEnvelopeBytes'] },
    );
    fc.assert(
      fc.property(config, (given) => {
        expect(parseConfigGot(asReply(configGot(given)))).toEqual({ ok: true, value: given });
      }),
    );
  });

  test('Enumerate, Pull and Release', () => {
    const list = fc.record(
      { maxElements: fc.integer({ min: 1, max: 32_000 }), shellId: guid },
      { requiredKeys: [] },
    );
    const part = fc.record({ context: trimmed, maxElements: fc.integer({ min: 1, max: 32_000 }) });
    fc.assert(
      fc.property(list, part, (asked, next) => {
        expect(parseEnumerate(asRequest(enumerate(asked)))).toEqual({ ok: true, value: asked });
        expect(parsePull(asRequest(pull(next)))).toEqual({ ok: true, value: next });
        expect(parseRelease(asRequest(release(next.context)))).toEqual({ ok: true, value: next.context });
      }),
    );
    expect(asReply(released())).toMatchObject({ action: actions.releaseResponse, body: [] });
  });

  test('lists of shells and of commands, whole and in parts', () => {
    const context = fc.option(
      trimmed.filter((it) => it !== ''),
      { nil: undefined },
    );
    const verb = fc.constantFrom('enumerate' as const, 'pull' as const);
    const command = fc.record({
      commandId: guid,
      commandLine: trimmed,
      state: fc.constantFrom('Running', 'Done'),
    });
    fc.assert(
      fc.property(verb, context, fc.array(guid), fc.array(command), (spelling, rest, ids, commands) => {
        const shells = { items: ids.map((shellId) => ({ shellId, resourceUri: 'r' })), context: rest };
        const list = { items: commands, context: rest };
        expect(parseShellsEnumerated(asReply(shellsEnumerated(spelling, shells)))).toEqual({
          ok: true,
          value: shells,
        });
        expect(parseCommandsEnumerated(asReply(commandsEnumerated(spelling, list)))).toEqual({
          ok: true,
          value: list,
        });
      }),
    );
  });
});

const plainShell = {
  ...{ shellId: undefined, inputStreams: 'stdin', outputStreams: 'stdout stderr' },
  ...{ idleTimeout: undefined, creationXml: undefined },
};

const description: fc.Arbitrary<ShellDescription> = fc.record(
  {
    ...{ shellId: trimmed, resourceUri: trimmed, owner: trimmed, clientAddress: trimmed },
    ...{ processId: fc.nat(), name: trimmed, workingDirectory: trimmed },
    environment: fc.dictionary(anyText, anyText, { minKeys: 1 }),
    ...{ lifetime: length, idleTimeout: length, maxIdleTimeout: length, runTime: length, inactivity: length },
    ...{ inputStreams: trimmed, outputStreams: trimmed },
    bufferMode: fc.constantFrom('Block' as const, 'Drop' as const),
    state: fc.constantFrom('Connected' as const, 'Disconnected' as const),
  },
  { requiredKeys: ['shellId', 'resourceUri'] },
);

describe('a body of the wrong shape is malformed', () => {
  const ps = 'xmlns="http://schemas.microsoft.com/powershell"';

  test.each([
    ['a command line without one', parseCommandLine(holding(''))],
    ['a command line without a command', parseCommandLine(holding('<rsp:CommandLine/>'))],
    ['Disconnect without one', parseDisconnect(holding(''))],
    ['Connect without one', parseConnect(holding(''))],
    [
      'Connect with broken fragments',
      parseConnect(holding(`<rsp:Connect><connectXml ${ps}>?</connectXml></rsp:Connect>`)),
    ],
    ['an answer to Connect without one', parseConnected(holding(''))],
    [
      'an answer to Connect with broken fragments',
      parseConnected(
        holding(
          `<rsp:ConnectResponse><connectResponseXml ${ps}>?</connectResponseXml></rsp:ConnectResponse>`,
        ),
      ),
    ],
    ['an answer to Get without a shell', parseShellGot(holding(''))],
    ['an answer to Get without settings', parseConfigGot(holding(''))],
    [
      'settings without the envelope size',
      parseConfigGot(holding(`<Config xmlns="${resourceUris.config}"><MaxEnvelopeSizekb/></Config>`)),
    ],
    ['Enumerate without one', parseEnumerate(holding(''))],
    [
      'Enumerate with a query in place of selectors',
      parseEnumerate(holding('<n:Enumerate><w:Filter Dialect="WQL">select *</w:Filter></n:Enumerate>')),
    ],
    ['Pull without one', parsePull(holding(''))],
    ['Pull without a context', parsePull(holding('<n:Pull/>'))],
    ['Release without one', parseRelease(holding(''))],
    ['Release without a context', parseRelease(holding('<n:Release/>'))],
    ['a list of shells without one', parseShellsEnumerated(holding('', actions.enumerateResponse))],
    ['a list of commands without one', parseCommandsEnumerated(holding('', actions.pullResponse))],
  ])('%s', (_, result) => {
    expect(result).toMatchObject({ ok: false, error: { code: 'wsman.malformed' } });
  });
});

describe('what a peer leaves out or misspells', () => {
  test('of a shell is left out, never made up', () => {
    const shell =
      '<rsp:Shell><rsp:State>Sleeping</rsp:State><rsp:BufferMode/><rsp:ProcessId>x</rsp:ProcessId><rsp:IdleTimeOut>soon</rsp:IdleTimeOut></rsp:Shell>';

    expect(parseShellGot(holding(shell))).toEqual({ ok: true, value: { shellId: '', resourceUri: '' } });
  });

  test('of a Disconnect is the default', () => {
    const body = '<rsp:Disconnect><rsp:BufferMode>Sometimes</rsp:BufferMode></rsp:Disconnect>';

    expect(parseDisconnect(holding(body))).toEqual({ ok: true, value: {} });
  });

  test('of a variable is an empty name', () => {
    const body = '<rsp:Shell><rsp:Environment><rsp:Variable> v </rsp:Variable></rsp:Environment></rsp:Shell>';

    expect(unwrap(parseCreateShell(holding(body))).environment).toEqual({ '': ' v ' });
  });

  test('of settings is undefined', () => {
    const body = `<Config xmlns="${resourceUris.config}"><MaxEnvelopeSizekb>500</MaxEnvelopeSizekb><MaxTimeoutms>-1</MaxTimeoutms></Config>`;

    expect(parseConfigGot(holding(body))).toEqual({ ok: true, value: { maxEnvelopeBytes: 512_000 } });
  });

  test('of an Enumerate means one item, and of its filter any shell', () => {
    const body = '<n:Enumerate><w:OptimizeEnumeration/></n:Enumerate>';
    const filter =
      '<n:Enumerate><w:Filter Dialect="http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter"/></n:Enumerate>';

    expect(parseEnumerate(holding(body))).toEqual({ ok: true, value: { maxElements: 1 } });
    expect(parseEnumerate(holding(filter))).toEqual({ ok: true, value: {} });
  });

  test('of a Pull means one item', () => {
    const body =
      '<n:Pull><n:EnumerationContext>c</n:EnumerationContext><n:MaxElements>0</n:MaxElements></n:Pull>';

    expect(parsePull(holding(body))).toEqual({ ok: true, value: { context: 'c', maxElements: 1 } });
  });

  test('of a list is an empty one', () => {
    const empty = { ok: true, value: { items: [], context: undefined } };

    expect(parseShellsEnumerated(holding('<n:EnumerateResponse/>', actions.enumerateResponse))).toEqual(
      empty,
    );
    expect(
      parseCommandsEnumerated(
        holding('<n:PullResponse><n:Items><rsp:Command/></n:Items></n:PullResponse>', actions.pullResponse),
      ),
    ).toMatchObject({ value: { items: [{ commandId: '', commandLine: '', state: '' }] } });
  });

  test('of an option that is a flag may be a number', () => {
    const line = parseCommandLine({
      ...holding('<rsp:CommandLine><rsp:Command> a b </rsp:Command></rsp:CommandLine>'),
      options: new Map([
        ['WINRS_CONSOLEMODE_STDIN', '1'],
        ['WINRS_SKIP_CMD_SHELL', '0'],
      ]),
    });

    expect(line).toEqual({
      ok: true,
      value: { command: ' a b ', arguments: [], consoleInput: true, skipCmdShell: false },
    });
  });
});
