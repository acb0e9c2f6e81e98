import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { milliseconds, seconds } from '../../../src/core/time.ts';
import {
  commandStarted,
  parseCommandStarted,
  parsePipelineCommand,
  pipelineCommand,
} from '../../../src/wire/wsman/command.ts';
import { createShell, parseCreateShell } from '../../../src/wire/wsman/create-shell.ts';
import { deleteShell, shellDeleted } from '../../../src/wire/wsman/delete.ts';
import { buildReply, buildRequest } from '../../../src/wire/wsman/envelope.ts';
import type { RequestHeader, WsmanMessage } from '../../../src/wire/wsman/envelope.ts';
import { faultMessage, parseFault } from '../../../src/wire/wsman/fault-message.ts';
import { actions, powershellResourceUri } from '../../../src/wire/wsman/namespaces.ts';
import { parseEnvelope } from '../../../src/wire/wsman/parse-envelope.ts';
import type { Envelope } from '../../../src/wire/wsman/parse-envelope.ts';
import { parseReceive, parseReceived, receive, received } from '../../../src/wire/wsman/receive.ts';
import { parseSend, send, sent } from '../../../src/wire/wsman/send.ts';
import { parseShellCreated, shellCreated } from '../../../src/wire/wsman/shell-created.ts';
import { parseSignal, signal, signalCodes, signalled } from '../../../src/wire/wsman/signal.ts';

const header: RequestHeader = {
  to: 'http://web-01.corp.example:5985/wsman',
  resourceUri: powershellResourceUri('Microsoft.PowerShell'),
  messageId: '7A91FD5B-6F0F-45FC-AB9F-A54E0951A4DD',
  sessionId: 'DBC75D41-FD02-414B-AA5D-EF7738E67DC5',
  maxEnvelopeBytes: 153_600,
  operationTimeout: seconds(20),
  shellId: '0533352D-95C5-4715-BF50-1F449FF1FC9B',
};

const asRequest = (message: WsmanMessage): Envelope =>
  unwrap(parseEnvelope(buildRequest(header, message), 'a request'));
const asReply = (message: WsmanMessage): Envelope =>
  unwrap(parseEnvelope(buildReply({ messageId: 'B', relatesTo: 'uuid:A' }, message), 'an answer'));

const guid = fc.uuid().map((id) => id.toUpperCase());
const optionalGuid = fc.option(guid, { nil: undefined });
const bytes = fc.uint8Array({ maxLength: 200 });
/** Any text: what XML cannot hold is covered on its own. */
const xmlText = fc.string({ unit: 'grapheme' }).map((text) => text.trim());

describe('a request envelope', () => {
  test('carries all headers that the server looks at', () => {
    const envelope = asRequest(
      createShell(shell, [{ name: 'protocolversion', value: '2.3', mustComply: true }]),
    );

    expect(envelope).toMatchObject({
      action: actions.create,
      messageId: `uuid:${header.messageId}`,
      relatesTo: undefined,
      resourceUri: 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell',
      sessionId: `uuid:${header.sessionId}`,
      maxEnvelopeBytes: 153_600,
      operationTimeout: seconds(20),
    });
    expect([...envelope.selectors]).toEqual([['ShellId', header.shellId]]);
    expect([...envelope.options]).toEqual([['protocolversion', '2.3']]);
  });

  test('says in English, and to an anonymous address, what must be understood', () => {
    const source = new TextDecoder().decode(buildRequest(header, deleteShell()));

    expect(source).toContain('<w:Locale s:mustUnderstand="false" xml:lang="en-US"/>');
    expect(source).toContain('<p:DataLocale s:mustUnderstand="false" xml:lang="en-US"/>');
    expect(source).toContain('<w:MaxEnvelopeSize s:mustUnderstand="true">153600</w:MaxEnvelopeSize>');
    expect(source).toContain('/addressing/role/anonymous</a:Address></a:ReplyTo>');
    expect(source).toContain('<w:OperationTimeout>PT20S</w:OperationTimeout>');
  });

  test('has neither selectors nor options where there are none', () => {
    const { shellId: _, ...withoutShell } = header;

    const source = new TextDecoder().decode(buildRequest(withoutShell, createShell(shell)));

    expect(source).not.toContain('SelectorSet');
    expect(source).not.toContain('OptionSet');
  });

  test('keeps any text in its headers', () => {
    fc.assert(
      fc.property(xmlText, (text) => {
        const envelope = unwrap(
          parseEnvelope(buildRequest({ ...header, resourceUri: text, to: text }, deleteShell()), 'x'),
        );
        expect(envelope.resourceUri).toBe(text);
      }),
    );
  });
});

const shell = {
  shellId: header.shellId,
  inputStreams: 'stdin pr',
  outputStreams: 'stdout',
  idleTimeout: seconds(900),
  creationXml: Uint8Array.of(1, 2, 3),
};

describe('both roles agree on', () => {
  test('Create', () => {
    const request = fc.record({
      shellId: optionalGuid,
      inputStreams: fc.constantFrom('stdin', 'stdin pr'),
      outputStreams: fc.constantFrom('stdout', 'stdout stderr'),
      idleTimeout: fc.option(fc.nat().map(milliseconds), { nil: undefined }),
      creationXml: fc.option(bytes, { nil: undefined }),
    });
    fc.assert(
      fc.property(request, (create) => {
        expect(parseCreateShell(asRequest(createShell(create)))).toEqual({ ok: true, value: create });
      }),
    );
  });

  test('the answer to Create', () => {
    fc.assert(
      fc.property(guid, xmlText, (shellId, owner) => {
        const { resourceUri } = header;
        const shell = { shellId, resourceUri, owner };
        expect(parseShellCreated(asReply(shellCreated('http://x/wsman', shell)))).toEqual({
          ok: true,
          value: { shellId, resourceUri, shell },
        });
      }),
    );
  });

  test('Command and its answer', () => {
    fc.assert(
      fc.property(optionalGuid, bytes, (commandId, fragments) => {
        const request = { commandId, fragments };
        expect(parsePipelineCommand(asRequest(pipelineCommand(request)))).toEqual({
          ok: true,
          value: request,
        });
        expect(parseCommandStarted(asReply(commandStarted(commandId ?? 'c')))).toEqual({
          ok: true,
          value: commandId ?? 'c',
        });
      }),
    );
  });

  test('Send', () => {
    fc.assert(
      fc.property(fc.constantFrom('stdin', 'pr'), optionalGuid, bytes, (stream, commandId, data) => {
        const request = { stream, commandId, data };
        expect(parseSend(asRequest(send(request)))).toEqual({ ok: true, value: request });
      }),
    );
    expect(asReply(sent()).action).toBe(actions.sendResponse);
  });

  test('Receive', () => {
    fc.assert(
      fc.property(optionalGuid, (commandId) => {
        const request = { streams: 'stdout', commandId };
        expect(parseReceive(asRequest(receive(request)))).toEqual({ ok: true, value: request });
      }),
    );
  });

  test('the answer to Receive', () => {
    const answer = fc.record({
      streams: fc.array(fc.record({ stream: fc.constantFrom('stdout', 'stderr'), data: bytes })),
      state: fc.constantFrom('running' as const, 'pending' as const, 'done' as const),
      exitCode: fc.option(fc.integer(), { nil: undefined }),
    });
    fc.assert(
      fc.property(optionalGuid, answer, (commandId, given) => {
        expect(parseReceived(asReply(received(commandId, given)))).toEqual({ ok: true, value: given });
      }),
    );
    const silent = { streams: [], state: undefined, exitCode: undefined };
    expect(parseReceived(asReply(received(undefined, silent)))).toEqual({ ok: true, value: silent });
  });

  test('Signal, with the spelling that PowerShell compares', () => {
    const request = { commandId: 'C', code: signalCodes.stopPipeline };

    expect(parseSignal(asRequest(signal(request)))).toEqual({ ok: true, value: request });
    expect(signalCodes.stopPipeline).toBe('powershell/signal/crtl_c');
    expect(asReply(signalled()).action).toBe(actions.signalResponse);
  });

  test('Delete', () => {
    expect(asRequest(deleteShell())).toMatchObject({ action: actions.delete, body: [] });
    expect(asReply(shellDeleted())).toMatchObject({ action: actions.deleteResponse, relatesTo: 'uuid:A' });
  });

  test('faults', () => {
    const fault = fc.record({
      side: fc.constantFrom('sender' as const, 'receiver' as const),
      subcode: fc.constantFrom('', 'TimedOut', 'InvalidSelectors'),
      code: fc.option(fc.nat(0xffffffff), { nil: undefined }),
      reason: xmlText,
    });
    fc.assert(
      fc.property(fault, (given) => {
        expect(parseFault(asReply(faultMessage(given, 'WEB-01')))).toEqual(given);
      }),
    );
  });
});

describe('a body of the wrong shape is malformed', () => {
  const empty = (action: string): Envelope => asReply({ action, body: '' });
  const holding = (body: string): Envelope => asReply({ action: actions.receive, body });

  test.each([
    ['Create without a shell', parseCreateShell(empty(actions.create))],
    [
      'Create with broken creationXml',
      parseCreateShell(
        holding(
          '<rsp:Shell><creationXml xmlns="http://schemas.microsoft.com/powershell">?</creationXml></rsp:Shell>',
        ),
      ),
    ],
    ['an answer to Create without one', parseShellCreated(empty(actions.createResponse))],
    ['an answer to Create without a ShellId', parseShellCreated(holding('<x:ResourceCreated/>'))],
    ['Command without a line', parsePipelineCommand(empty(actions.command))],
    [
      'Command with broken arguments',
      parsePipelineCommand(holding('<rsp:CommandLine><rsp:Arguments>*</rsp:Arguments></rsp:CommandLine>')),
    ],
    ['an answer to Command without one', parseCommandStarted(empty(actions.commandResponse))],
    ['an answer to Command without an id', parseCommandStarted(holding('<rsp:CommandResponse/>'))],
    ['Send without a body', parseSend(empty(actions.send))],
    ['Send without a stream', parseSend(holding('<rsp:Send/>'))],
    [
      'Send with broken data',
      parseSend(holding('<rsp:Send><rsp:Stream Name="stdin">*</rsp:Stream></rsp:Send>')),
    ],
    ['Receive without a body', parseReceive(empty(actions.receive))],
    ['Receive without streams', parseReceive(holding('<rsp:Receive/>'))],
    ['an answer to Receive without one', parseReceived(empty(actions.receiveResponse))],
    [
      'an answer to Receive with broken data',
      parseReceived(
        holding('<rsp:ReceiveResponse><rsp:Stream Name="stdout">*</rsp:Stream></rsp:ReceiveResponse>'),
      ),
    ],
    ['Signal without a body', parseSignal(empty(actions.signal))],
    ['Signal without a command', parseSignal(holding('<rsp:Signal><rsp:Code>x</rsp:Code></rsp:Signal>'))],
    ['Signal without a code', parseSignal(holding('<rsp:Signal CommandId="C"/>'))],
  ])('%s', (_, result) => {
    expect(result).toMatchObject({ ok: false, error: { code: 'wsman.malformed' } });
  });
});

describe('what a peer leaves out', () => {
  const holding = (body: string): Envelope => asReply({ action: actions.receive, body });

  test('is empty or unknown, never made up', () => {
    expect(parseCreateShell(holding('<rsp:Shell/>'))).toEqual({
      ok: true,
      value: {
        ...{ shellId: undefined, inputStreams: '', outputStreams: '' },
        ...{ idleTimeout: undefined, creationXml: undefined },
      },
    });
    expect(parseSend(holding('<rsp:Send><rsp:Stream>AA==</rsp:Stream></rsp:Send>'))).toMatchObject({
      value: { stream: '', commandId: undefined },
    });
    expect(
      parseReceived(holding('<rsp:ReceiveResponse><rsp:Stream/><rsp:CommandState/></rsp:ReceiveResponse>')),
    ).toMatchObject({ value: { streams: [{ stream: '' }], state: undefined, exitCode: undefined } });
    expect(
      parseShellCreated(
        holding(
          '<x:ResourceCreated><a:ReferenceParameters><w:SelectorSet><w:Selector Name="ShellId">S</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>',
        ),
      ),
    ).toEqual({ ok: true, value: { shellId: 'S', resourceUri: '' } });
  });

  test('is not related to', () => {
    const reply = buildReply({ messageId: 'B', relatesTo: '' }, shellDeleted());

    expect(unwrap(parseEnvelope(reply, 'an answer')).relatesTo).toBeUndefined();
  });

  test('makes a fault that says nothing, not an error', () => {
    expect(parseFault(holding('<s:Fault/>'))).toEqual({
      code: undefined,
      subcode: '',
      side: 'sender',
      reason: '',
    });
    expect(
      parseFault(holding('<s:Fault><s:Detail><f:WSManFault Code="none"/></s:Detail></s:Fault>')),
    ).toMatchObject({ code: undefined });
    expect(parseFault(holding('<s:Fault><s:Detail><f:WSManFault/></s:Detail></s:Fault>'))).toMatchObject({
      code: undefined,
    });
  });
});
