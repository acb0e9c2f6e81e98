import { describe, expect, test } from 'vitest';
import { unwrap } from '../../src/core/result.ts';
import { decodeMessage } from '../../src/wire/psrp/message.ts';
import { parseEnvelope } from '../../src/wire/wsman/parse-envelope.ts';
import { parseReceived } from '../../src/wire/wsman/receive.ts';
import { readDrivers } from '../../tools/replaying/drivers.ts';
import { readRecording } from '../../tools/replaying/recording.ts';
import type { Exchange } from '../../tools/replaying/recording.ts';
import { isMissing, sharedPath } from '../support/shared.ts';
import { hostOf, sendAgain } from './recorded-client.ts';

const missing = isMissing('fixtures/drivers.yaml');
if (missing) console.warn('skipped: recorded hosts (no shared fixtures on this machine)');

const read = (name: string): readonly Exchange[] =>
  readRecording(sharedPath(`fixtures/winrm-exchanges/${name}.yml`));

/** The recording with one request changed. */
function changed(name: string, index: number, change: (request: string) => string): readonly Exchange[] {
  return read(name).map((exchange) => {
    if (exchange.index !== index) return exchange;
    const request = change(exchange.request);
    if (request === exchange.request) throw new Error('the change changed nothing');
    return { ...exchange, request };
  });
}

/** Changes the text of a CREATE_PIPELINE without changing its length. */
const inPayload =
  (from: string, to: string) =>
  (request: string): string =>
    request.replace(
      /(<(?:rsp:Arguments|rsp:Stream[^>]*)>)([^<]+)(<)/,
      (_all, open: string, payload: string, close: string) => {
        const text = Buffer.from(payload, 'base64').toString('latin1').replace(from, to);
        return `${open}${Buffer.from(text, 'latin1').toString('base64')}${close}`;
      },
    );

describe.skipIf(missing)('a recorded host', () => {
  const drivers = missing ? [] : readDrivers(sharedPath('fixtures'));

  test.each(drivers.map(({ file, path }) => [file, path]))(
    'takes its own recording for itself, under other ids: %s',
    async (_file, path) => {
      const { problems, answers } = await sendAgain(readRecording(path));

      expect(problems).toEqual([]);
      expect(answers.length).toBeGreaterThan(0);
    },
  );

  test('answers with our ids, in the text and inside the fragments', async () => {
    const recording = read('test_client_execute_ps');
    const { answers, ids } = await sendAgain(recording);

    const bodies = answers.map((answer) => (answer.kind === 'answer' ? answer.body : new Uint8Array(0)));
    const shellId = /ShellId="([^"]+)"/.exec(recording[0]?.request ?? '')?.[1] ?? '';
    expect(new TextDecoder().decode(bodies[0])).toContain(ids.oursOf(shellId)?.toUpperCase());
    expect(new TextDecoder().decode(bodies[0])).not.toContain(shellId);
    const state = unwrap(parseReceived(unwrap(parseEnvelope(bodies[2]!, 'Receive')))).streams[0]!;
    expect(unwrap(decodeMessage(state.data.subarray(21))).poolId).toBe(ids.oursOf(shellId));
  });

  test('breaks the connection and holds answers back as it did then', async () => {
    const { answers } = await sendAgain(read('test_psrp_is_alive_http_error'));
    const started = performance.now();
    const late = await sendAgain(read('test_psrp_key_exchange_timeout'));

    expect(answers.map(({ kind }) => kind)).toEqual(['answer', 'answer', 'answer', 'answer', 'break']);
    expect(late.problems).toEqual([]);
    expect(performance.now() - started).toBeGreaterThan(990);
  });

  test('turns a client away where it did', async () => {
    const recording = read('test_winrs_standard').map((exchange) => ({
      ...exchange,
      isDenied: exchange.index === 1,
    }));

    const { answers } = await sendAgain(recording);

    expect(answers.slice(0, 2).map(({ kind }) => kind)).toEqual(['answer', 'denied']);
  });

  test('sends every fault with HTTP status 500', async () => {
    const { answers } = await sendAgain(read('test_psrp_long_running_cmdlet'));

    const statuses = answers.map((answer) => (answer.kind === 'answer' ? answer.status : 0));
    expect(statuses).toEqual([200, 200, 200, 200, 500, 500, 200, 200]);
  });
});

describe.skipIf(missing)('what a recorded host does not take', () => {
  const cases: readonly [
    what: string,
    name: string,
    requests: () => readonly Exchange[],
    reason: RegExp,
    recorded?: (recording: readonly Exchange[]) => readonly Exchange[],
  ][] = [
    [
      'another script',
      'test_psrp_error_failed',
      () => changed('test_psrp_error_failed', 3, inPayload('Write-Output before', 'Write-Output beforf')),
      /#3 Command: create-pipeline\.PowerShell\.Cmds\[0\]\.Cmd: expected "\$ErrorActionPreference/,
    ],
    [
      'another argument',
      'test_psrp_long_running_cmdlet',
      () => changed('test_psrp_long_running_cmdlet', 3, inPayload('<I32 N="V">10<', '<I32 N="V">11<')),
      /#3 Command: create-pipeline.*Args\[0\]\.V: expected 10, got 11/,
    ],
    [
      'another type of number',
      'test_psrp_long_running_cmdlet',
      () =>
        changed('test_psrp_long_running_cmdlet', 3, inPayload('<I32 N="V">10</I32>', '<I64 N="V">10</I64>')),
      /Args\[0\]\.V: expected 10, got I64 10/,
    ],
    [
      'other input of a pipeline',
      'test_psrp_with_input',
      () => changed('test_psrp_with_input', 4, inPayload('<I32>2<', '<I32>3<')),
      /#4 Send: pipeline-input: expected 2, got 3/,
    ],
    [
      'another resource',
      'test_psrp_with_jea_configuration',
      () => changed('test_psrp_with_jea_configuration', 0, (request) => request.replace('JEARole', 'Other')),
      /#0 Create: Create\.resource/,
    ],
    [
      'another argument of a program',
      'test_winrs_standard',
      () => changed('test_winrs_standard', 1, (request) => request.replace('>hi<', '>ho<')),
      /#1 Command: Command\.CommandLine\/Arguments\[2\]: expected "hi", got "ho"/,
    ],
    [
      'an argument less',
      'test_winrs_standard',
      () =>
        changed('test_winrs_standard', 1, (request) =>
          request.replace('<rsp:Arguments>hi</rsp:Arguments>', ''),
        ),
      /#1 Command: Command\.CommandLine\/Arguments\[2\]: expected "hi", got nothing/,
    ],
    [
      'another variable',
      'test_winrs_environment',
      () => changed('test_winrs_environment', 0, (request) => request.replace('>var1<', '>var2<')),
      /#0 Create: Create\.Shell\/Environment\/Variable\[env1\]: expected "var1", got "var2"/,
    ],
    [
      'another code page',
      'test_winrs_unicode',
      () => changed('test_winrs_unicode', 0, (request) => request.replace('65001', '437')),
      /#0 Create: Create\.option WINRS_CODEPAGE: expected "65001", got "437"/,
    ],
    [
      'other input of a program',
      'test_winrs_send',
      () =>
        changed('test_winrs_send', 2, (request) =>
          request.replace(/(<rsp:Stream[^>]*>)([^<]*)/, (_all, open: string) => `${open}${btoa('other')}`),
        ),
      /#2 Send: Send\.Stream: expected "Write/,
    ],
    [
      'a Send less',
      'test_winrs_send',
      () => read('test_winrs_send').filter(({ index }) => index !== 3),
      /expected Send cmd .*, but the client waits for Receive cmd/,
    ],
    [
      'pipelines in another order',
      'test_psrp_with_no_history',
      () => reordered('test_psrp_with_no_history', [0, 1, 2, 5, 6, 3, 4, 7]),
      /#3 Command: create-pipeline\.PowerShell\.Cmds\[0\]\.Cmd/,
    ],
    [
      'a message that the recorded client never sent',
      'test_psrp_with_input',
      () => {
        const recording = read('test_psrp_with_input');
        return [...recording.slice(0, 5), recording[4]!, ...recording.slice(5)];
      },
      /unreadable|where the recorded client sent no more/,
    ],
    [
      'a Delete too early',
      'test_winrs_standard',
      () => reordered('test_winrs_standard', [0, 4, 1, 2, 3]),
      /#1 Command: expected Command cmd, got Delete cmd/,
    ],
    [
      'an end too early',
      'test_psrp_open_runspace',
      () => read('test_psrp_open_runspace').slice(0, 3),
      /#3 Delete never came/,
    ],
    [
      'another stop code',
      'test_psrp_nested_command',
      () =>
        changed('test_psrp_nested_command', 6, (request) =>
          request.replace('powershell/signal/ctrl_c', 'powershell/signal/stop'),
        ),
      /#6 Signal: Signal\.Signal\/Code/,
    ],
    [
      'another session when it connects again',
      'test_psrp_disconnected_commands',
      () =>
        changed('test_psrp_disconnected_commands', 23, (request) =>
          request.replace(/(SessionId[^>]*>uuid:)[^<]*/, '$19C2C2E0E-0000-4000-8000-000000000001'),
        ),
      /#23 Reconnect: Reconnect\.\(session id\)/,
    ],
  ];

  test.each(cases)('%s', async (_what, name, requests, reason, recorded) => {
    const recording = read(name);

    const { problems } = await sendAgain(recorded?.(recording) ?? recording, requests());

    expect(problems.join('\n')).toMatch(reason);
  });

  test('a request that is no WS-Man', async () => {
    const host = hostOf(read('test_winrs_standard'));

    await host.answer(new TextEncoder().encode('<hello'), new AbortController().signal);

    expect(host.problems[0]).toMatch(/no WS-Man/);
  });
});

function reordered(name: string, order: readonly number[]): readonly Exchange[] {
  const recording = read(name);
  return order.map((index) => recording[index]!);
}
