import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isMissing, sharedPath } from '../support/shared.ts';
import { keepMessages, playChanged, rewritePayload, stepOf } from './replay-folder.ts';
import type { Changes, RecordedMessage } from './replay-folder.ts';

const missing = isMissing('fixtures/drivers.yaml');
if (missing) console.warn('skipped: forms of recorded exchanges (no shared fixtures on this machine)');

const terminate = 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/Terminate';

/** A fault that some host gave, as a recorded answer. */
function recordedFault(): Pick<RecordedMessage, 'response' | 'transport_error'> {
  const file = sharedPath('fixtures/winrm-exchanges/test_psrp_is_alive_invalid_selectors.yml');
  const { messages } = parse(readFileSync(file, 'utf8'), { version: '1.1' }) as {
    messages: RecordedMessage[];
  };
  return { response: messages[4]!.response, transport_error: { protocol: 'http', code: 500 } };
}

/** Recordings that were made of others: what they show has no recording of its own among the shared ones. */
const made: readonly [what: string, name: string, changes: Changes][] = [
  [
    'a bare Receive of a program, read on from where it was',
    'test_winrs_operation_timeout',
    {
      driver: (entry) => {
        const run = stepOf(entry, 'run');
        const receive = {
          receive: { shell: 's1', process: 'c1' },
          expect: {
            stdout: 'hi again\n',
            stderr: '',
            exitCode: 0,
            receiveStates: ['TimedOut', 'TimedOut', 'Done'],
          },
          messages: [3, 5],
        };
        run['messages'] = [1, 2];
        run['expect'] = { stdout: 'hi\n', receiveStates: ['Running'] };
        entry.steps.splice(2, 0, receive);
      },
    },
  ],
  [
    'a bare Receive of a pipeline that was only begun',
    'test_psrp_long_running_cmdlet',
    {
      driver: (entry) => {
        const invoke = stepOf(entry, 'invoke');
        const receive = {
          receive: { shell: 's1', pipeline: 'p1' },
          expect: invoke['expect'],
          messages: [4, 6],
        };
        const begin = { beginInvoke: invoke['invoke'], messages: [3, 3] };
        entry.steps.splice(1, 1, begin, receive);
      },
    },
  ],
  [
    'Terminate of a pipeline that runs',
    'test_psrp_nested_command',
    {
      driver: (entry, messages) => {
        stepOf(entry, 'signal')['signal'].code = terminate;
        messages[6]!.request = messages[6]!.request.replace('powershell/signal/ctrl_c', terminate);
      },
    },
  ],
  [
    'a stop as PowerShell spells it',
    'test_psrp_nested_command',
    {
      driver: (entry, messages) => {
        stepOf(entry, 'signal')['signal'].code = 'powershell/signal/crtl_c';
        messages[6]!.request = messages[6]!.request.replace('signal/ctrl_c', 'signal/crtl_c');
      },
    },
  ],
  [
    'Control-C to a program that runs',
    'test_winrs_operation_timeout',
    {
      driver: (entry, messages) => {
        const run = stepOf(entry, 'run');
        const signal = stepOf(entry, 'signal');
        const rest = {
          receive: { shell: 's1', process: 'c1' },
          expect: { stdout: 'hi again\n', stderr: '', exitCode: 0 },
          messages: [4, 6],
        };
        messages.splice(3, 0, ...messages.splice(6, 1));
        Object.assign(run, { messages: [1, 2], expect: { stdout: 'hi\n' } });
        Object.assign(signal, { messages: [3, 3] });
        entry.steps.splice(2, 1, signal, rest);
      },
    },
  ],
  [
    'a client that is turned away in the middle',
    'test_winrs_standard',
    {
      driver: (entry, messages) => {
        keepMessages(entry, messages, [0, 1]);
        Object.assign(messages[1]!, { response: null, auth_error: true });
        stepOf(entry, 'run')['expect'] = { authError: true };
      },
    },
  ],
  [
    'an answer of a gateway',
    'test_winrs_standard',
    {
      driver: (entry, messages) => {
        keepMessages(entry, messages, [0, 1]);
        Object.assign(messages[1]!, { transport_error: { protocol: 'http', code: 404 } });
        stepOf(entry, 'run')['expect'] = { transportError: { code: 404 } };
      },
    },
  ],
  [
    'a connection that breaks when a shell is opened',
    'test_winrs_standard',
    {
      driver: (entry, messages) => {
        keepMessages(entry, messages, [0]);
        Object.assign(messages[0]!, { response: null, http_error: true });
        stepOf(entry, 'open')['expect'] = { httpError: true };
      },
    },
  ],
  [
    'a pool that the host refuses',
    'test_psrp_open_runspace',
    {
      driver: (entry, messages) => {
        keepMessages(entry, messages, [0]);
        Object.assign(messages[0]!, recordedFault());
        stepOf(entry, 'open')['expect'] = { fault: { wsmanCode: 2150858843, subcode: 'w:InvalidSelectors' } };
      },
    },
  ],
  [
    'settings that the host keeps to itself',
    'test_wsman_update_envelope_size_150',
    {
      driver: (entry, messages) => {
        Object.assign(messages[0]!, recordedFault());
        stepOf(entry, 'getConfig')['expect'] = { fault: { wsmanCode: 2150858843 } };
      },
    },
  ],
  [
    'pools and pipelines that somebody else left',
    'test_psrp_disconnected_commands',
    { driver: (entry, messages) => keepMessages(entry, messages, [10, 11, 12, ...range(13, 26)]) },
  ],
  [
    'a server that chooses the id of the shell',
    'test_psrp_open_runspace',
    {
      driver: (entry, messages) => {
        messages[0]!.request = messages[0]!.request.replace(/ ShellId="[^"]*"/, '');
        stepOf(entry, 'open')['open'].clientChoosesShellId = false;
      },
    },
  ],
  [
    'another client that takes a pool up',
    'test_psrp_disconnected_commands',
    {
      driver: (_entry, messages) => {
        for (const message of messages.slice(18, 23)) otherSession(message);
        for (const message of messages.slice(25)) otherSession(message);
      },
    },
  ],
  [
    'a pool that breaks while it is opened',
    'test_psrp_open_runspace',
    {
      driver: (entry, messages) => {
        keepMessages(entry, messages, [0, 1, 2]);
        messages[2]!.response = messages[2]!.response!.replace(
          /(<rsp:Stream[^>]*>)([^<]+)/,
          (_all, open: string, payload: string) =>
            open +
            Buffer.from(
              Buffer.from(payload, 'base64').toString('latin1').replace('>2<', '>5<'),
              'latin1',
            ).toString('base64'),
        );
        stepOf(entry, 'open')['expect'] = { poolState: 'Broken' };
      },
    },
  ],
  [
    'a connection that breaks under a pipeline',
    'test_psrp_error_failed',
    {
      driver: (entry, messages) => {
        keepMessages(entry, messages, [0, 1, 2, 3, 4]);
        Object.assign(messages[4]!, { response: null, http_error: true });
        stepOf(entry, 'invoke')['expect'] = { httpError: true };
      },
    },
  ],
  [
    'a host that answers a probe too late',
    'test_psrp_is_alive_http_error',
    {
      driver: (entry, messages) => {
        Object.assign(messages[4]!, { response: messages[3]!.response, http_error: false, timeout: 2 });
        entry.steps[2]!['isAlive'].operationTimeout = 'PT1S';
      },
    },
  ],
  [
    'a pool that is left and taken up again with what runs in it',
    'test_psrp_disconnected_commands',
    {
      driver: (entry, messages) => {
        const { expect: expected } = stepOf(entry, 'connectPipeline');
        keepMessages(entry, messages, [0, 1, 2, 3, 4, 25, 21, 22, 26]);
        const [open, begin, leave] = entry.steps;
        entry.steps = [
          open!,
          begin!,
          leave!,
          { reconnect: { shell: 's1' }, expect: { poolState: 'Opened' }, messages: [5, 5] },
          { receive: { shell: 's1', pipeline: 'p1' }, expect: expected, messages: [6, 7] },
          { close: { shell: 's1' }, messages: [8, 8] },
        ];
      },
    },
  ],
  [
    'a stop whose end is read afterwards',
    'test_psrp_nested_command',
    {
      driver: (entry, messages) => {
        const { expect: expected } = stepOf(entry, 'invoke');
        const idOf = (message: RecordedMessage): string => /CommandId="([^"]+)"/.exec(message.request)![1]!;
        const [first, second] = [idOf(messages[3]!), idOf(messages[5]!)];
        messages[5]!.request = messages[5]!.request.replaceAll(second, first);
        messages[5]!.response = messages[5]!.response!.replaceAll(second, first);
        keepMessages(entry, messages, [0, 1, 2, 3, 6, 5, 7]);
        const [open, begin] = entry.steps;
        entry.steps = [
          open!,
          begin!,
          { signal: { shell: 's1', target: 'p1', code: 'powershell/signal/ctrl_c' }, messages: [4, 4] },
          { receive: { shell: 's1', target: 'p1' }, expect: expected, messages: [5, 5] },
          { close: { shell: 's1' }, messages: [6, 6] },
        ];
      },
    },
  ],
  [
    'a host without an interface',
    'test_psrp_pshost_ui_mocked_methods',
    {
      driver: (entry, messages) => {
        keepMessages(entry, messages, [0, 1, 2, 17]);
        rewritePayload(messages[0]!, 'UINull">false', 'UINull">true');
        stepOf(entry, 'open')['open'].host.isHostUINull = true;
      },
    },
  ],
  [
    'a host that answers with an error',
    'test_psrp_pshost_raw_ui_mocked_methods',
    {
      driver: (entry, messages) => {
        rewritePayload(
          messages[5]!,
          '<Obj N="mr" RefId="2"><MS><I32 N="virtualKeyCode">65</I32><C N="character">97</C><I32 N="controlKeyState">128</I32><B N="keyDown">true</B></MS></Obj>',
          recordedError,
        );
        const calls = stepOf(entry, 'invoke')['expect'].hostCalls as { method: string; response?: unknown }[];
        delete calls.find(({ method }) => method === 'ReadKey')!.response;
      },
    },
  ],
  [
    'a scope of its own, for a script and for a command',
    'test_client_execute_ps',
    {
      driver: (entry, messages) => {
        rewritePayload(messages[3]!, '<Nil N="UseLocalScope" />', '<B N="UseLocalScope">true</B>');
        stepOf(entry, 'invoke')['invoke'].statements[0][0].useLocalScope = true;
      },
    },
  ],
  [
    'a step that sends nothing',
    'test_psrp_open_runspace',
    {
      driver: ({ steps }) =>
        steps.splice(1, 0, { reconnect: { shell: 's1' }, expect: { poolState: 'Opened' } }),
    },
  ],
];

const recordedError =
  '<Obj N="me" RefId="2"><TN RefId="1"><T>System.Management.Automation.ErrorRecord</T><T>System.Object</T></TN><ToString>no</ToString>' +
  '<MS><Obj N="Exception" RefId="3"><TN RefId="2"><T>System.Exception</T><T>System.Object</T></TN><Props><S N="Message">no</S></Props></Obj>' +
  '<Nil N="TargetObject" /><S N="FullyQualifiedErrorId">HostError</S><I32 N="ErrorCategory_Category">0</I32></MS></Obj>';

describe.skipIf(missing)('check 10: a recording with', () => {
  test.each(made)('%s', async (_what, name, changes) => {
    const plain = await playChanged(name, changes);
    const sealed = await playChanged(name, changes, 'sealed');

    expect(plain.reasons).toEqual([]);
    expect(sealed.reasons).toEqual([]);
  });
});

function otherSession(message: RecordedMessage): void {
  message.request = message.request.replace(
    /(SessionId[^>]*>uuid:)[^<]*/,
    '$19C2C2E0E-0000-4000-8000-000000000001',
  );
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
}
