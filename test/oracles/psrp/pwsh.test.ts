import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromJson, toJson } from '../../../src/core/ps-json.ts';
import type { JsonValue } from '../../../src/core/json.ts';
import type { PsValue } from '../../../src/core/ps-value.ts';
import { encodeClixml } from '../../../src/wire/clixml/encode.ts';
import type { PsrpClientEvent } from '../../../src/wire/psrp/client-event.ts';
import type { PsCommand, PsParameter } from '../../../src/wire/psrp/command.ts';
import { minimalHost } from '../../../src/wire/psrp/host.ts';
import { isPowerShellMissing } from '../../support/powershell.ts';
import { PwshServer } from './pwsh-server.ts';

describe.skipIf(isPowerShellMissing)('our client and a real PowerShell', () => {
  let pwsh: PwshServer;
  beforeAll(async () => {
    pwsh = new PwshServer();
    await pwsh.open();
  });
  afterAll(() => pwsh.close());

  const run = (text: string, ...values: PsValue[]): Promise<readonly PsrpClientEvent[]> =>
    pwsh.run([{ text, isScript: true, parameters: values.map((value) => ({ value })) }]);

  test('open a pool in which each has named its version', () => {
    expect(pwsh.client.poolState).toBe('Opened');
    expect(pwsh.events).toMatchObject([
      { kind: 'session-capability', protocolVersion: '2.3', serializationVersion: '1.1.0.1' },
      { kind: 'application-private-data', psVersion: expect.stringMatching(/^7\./) as string },
      { kind: 'pool-state', state: 'Opened' },
    ]);
  });

  test('hashtable arguments arrive typed', async () => {
    const args = {
      int: 1,
      long: 2 ** 40,
      real: 1.5,
      flag: true,
      text: 'ü',
      none: null,
      list: [1],
      table: {},
    };

    const events = await run(
      `param($A) $A.Keys | ForEach-Object { $t = if ($null -ne $A[$_]) { $A[$_].GetType().Name }; "$_ $t" }`,
      fromJson(args),
    );

    expect(new Set(outputsOf(events))).toEqual(
      new Set([
        'int Int32',
        'long Int64',
        'real Double',
        'flag Boolean',
        'text String',
        'none ',
        'list ArrayList',
        'table Hashtable',
      ]),
    );
  });

  test('check 15: any UTF-16 text comes back as it was sent', async () => {
    const texts = [
      'é😀 שלום',
      'a\u0301',
      '\0\u001b\u009f',
      '_x000A_ _X005F_ _x',
      '\ud83c',
      '\udfb5',
      '\ufffe\uffff',
      '<&>"\'',
      '\r\n ',
    ];

    const events = await run('param($Texts) $Texts; $Texts | ForEach-Object { $_.Length }', fromJson(texts));

    expect(outputsOf(events)).toEqual([...texts, ...texts.map((text) => text.length)]);
  });

  test('values of every type survive the way there and back', async () => {
    const values: PsValue[] = [
      null,
      true,
      -1,
      1.5,
      { kind: 'double', value: 3 },
      -(2n ** 63n),
      new Uint8Array([0, 1, 255]),
      { kind: 'char', code: 0x78 },
      { kind: 'byte', value: 255 },
      { kind: 'sbyte', value: -128 },
      { kind: 'int16', value: -32_768 },
      { kind: 'uint16', value: 65_535 },
      { kind: 'uint32', value: 4_294_967_295 },
      { kind: 'uint64', value: 2n ** 64n - 1n },
      { kind: 'single', value: 1.5 },
      { kind: 'decimal', text: '1.10' },
      { kind: 'dateTime', text: '2020-01-02T03:04:05.1234567Z' },
      { kind: 'timeSpan', text: '-P1DT2H3M4.5S' },
      { kind: 'guid', text: 'f5853fa8-a3d8-438c-bf94-723d3fef8934' },
      { kind: 'uri', text: 'http://host/ä' },
      { kind: 'version', text: '1.2.3.4' },
    ];
    for (const value of values) {
      const events = await run('param($Value) , $Value', value);
      const [echoed] = events.flatMap((event) => (event.kind === 'output' ? [event.value] : []));
      expect(echoed === undefined ? undefined : encodeClixml(echoed)).toEqual(encodeClixml(value));
    }
  });

  test('objects come out as records, enums as names, and a cycle is cut', async () => {
    const events = await run(`
      [pscustomobject]@{ Day = [DayOfWeek]::Monday; At = [datetime]::SpecifyKind([datetime]'2020-01-02T03:04:05', 'Utc'); Big = 2L + 9007199254740991L; Items = @(1, 'a') }
      $h = @{ n = 1 }; $h.self = $h; $h`);

    expect(outputsOf(events)).toEqual([
      { Day: 'Monday', At: '2020-01-02T03:04:05Z', Big: '9007199254740993', Items: [1, 'a'] },
      { n: 1, self: { n: 1, self: '[cycle]' } },
    ]);
  });

  test('check 14: all streams arrive in order, with where and why an error arose', async () => {
    const events = await run(`
      $VerbosePreference = $DebugPreference = $WarningPreference = $InformationPreference = 'Continue'
      & { [CmdletBinding()] param()
        $PSCmdlet.WriteVerbose('v'); $PSCmdlet.WriteWarning('w'); $PSCmdlet.WriteDebug('d')
        $PSCmdlet.WriteInformation('i', [string[]]@('tag'))
        $PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(1, 'activity', 'status'))
        $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([InvalidOperationException]::new('bad'), 'MyId', 'ResourceBusy', 'target')) }`);

    expect(events).toMatchObject([
      { kind: 'verbose', message: 'v' },
      { kind: 'warning', message: 'w' },
      { kind: 'debug', message: 'd' },
      { kind: 'information', record: { data: 'i', message: 'i', tags: ['tag'] } },
      { kind: 'progress', record: { activity: 'activity', status: 'status', type: 'Processing' } },
      {
        kind: 'error',
        error: {
          message: 'bad',
          fullyQualifiedErrorId: 'MyId',
          category: 'ResourceBusy',
          targetName: 'target',
          exceptionType: 'System.InvalidOperationException',
          position: { line: 3 },
        },
      },
      { kind: 'pipeline-state', state: 'Completed', reason: undefined },
    ]);
  });

  test('a script that throws ends as failed, with the reason and its position', async () => {
    const events = await run("1\n  throw 'boom'");

    expect(events).toMatchObject([
      { kind: 'output', value: 1 },
      {
        kind: 'pipeline-state',
        state: 'Failed',
        reason: { message: 'boom', fullyQualifiedErrorId: 'boom', position: { line: 2, column: 3 } },
      },
    ]);
  });

  test('named parameters, switches and input reach commands that are no scripts', async () => {
    const command = (text: string, ...parameters: PsParameter[]): PsCommand => ({
      text,
      isScript: false,
      parameters,
    });

    const lengths = await pwsh.run(
      [command('ForEach-Object', { name: 'MemberName', value: 'Length' })],
      ['ab', 'c'],
    );
    const syntax = await pwsh.run([
      command('Get-Command', { value: 'Out-Null' }, { name: 'Syntax', value: true }),
      command('ForEach-Object', { name: 'MemberName', value: 'Trim' }),
    ]);

    expect(outputsOf(lengths)).toEqual([2, 1]);
    expect(outputsOf(syntax)).toEqual(['Out-Null [-InputObject <psobject>] [<CommonParameters>]']);
  });

  test('check 11: a script of 1 MB and an output of as much arrive whole', async () => {
    const text = 'x'.repeat(1024 * 1024);

    const events = await run(`'${text}'`);

    expect(outputsOf(events)).toEqual([text]);
  });

  test('a prompt fails at once, since there is no host', async () => {
    const events = await run('$host.UI.ReadLine()');

    expect(events).toMatchObject([{ kind: 'pipeline-state', state: 'Failed' }]);
  });

  test('the code of exit is told as a host call', async () => {
    const events = await run('exit 5');

    expect(events).toMatchObject([
      { kind: 'host-call', call: { method: 'SetShouldExit', parameters: [5], callId: undefined } },
      { kind: 'pipeline-state', state: 'Completed' },
    ]);
  });
});

describe.skipIf(isPowerShellMissing)('our minimal host and a real PowerShell', () => {
  test('what is written arrives as calls, and a prompt is refused with a reason', async () => {
    const pwsh = new PwshServer({ host: minimalHost, maxFragmentBytes: 200 });
    await pwsh.open();

    const text = '$host.UI.WriteLine("hello"); try { $host.UI.ReadLine() } catch { "$_" }; $host.Name';
    const events = await pwsh.run([{ text, isScript: true, parameters: [] }]);
    await pwsh.close();

    expect(events).toMatchObject([
      { kind: 'host-call', call: { method: 'WriteLine2', parameters: ['hello'] } },
      { kind: 'host-call', call: { method: 'ReadLine' } },
      { kind: 'send', stream: 'pr' },
      { kind: 'output', value: expect.stringContaining('the session is not interactive') as string },
      { kind: 'output', value: 'ServerRemoteHost' },
      { kind: 'pipeline-state', state: 'Completed' },
    ]);
  });
});

function outputsOf(events: readonly PsrpClientEvent[]): JsonValue[] {
  return events.flatMap((event) => (event.kind === 'output' ? [toJson(event.value)] : []));
}
