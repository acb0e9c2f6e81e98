import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import { milliseconds } from '../../../src/core/time.ts';
import { pwshBackends } from '../../../src/lab/server/pwsh-backend.ts';
import { systemProcesses } from '../../../src/node/child-process.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import type { PipelineRecord } from '../../../src/remote/api/pipeline-output.ts';
import { toPlain } from '../../../src/remote/api/plain-value.ts';
import type { RemotePool } from '../../../src/remote/api/pool.ts';
import type { WinrmClient } from '../../../src/remote/api/winrm-client.ts';
import { clientOf } from '../../support/api-client.ts';
import { oracle } from '../../support/oracles.ts';
import { findPowerShell } from '../../support/powershell.ts';
import { never, serveHost } from '../../support/winrm-host.ts';
import type { ServedHost } from '../../support/winrm-host.ts';
import type { SlowReading } from './slow-reader.ts';

const endless = 'while ($true) { [System.Threading.Thread]::Sleep(20) }';

oracle(
  'the client and a real PowerShell behind our own server',
  () => findPowerShell() !== undefined,
  () => {
    let served: ServedHost;
    let client: WinrmClient;
    let pool: RemotePool;

    beforeAll(async () => {
      const program = findPowerShell() ?? '';
      served = await serveHost(pwshBackends({ program, processes: systemProcesses, timers: systemTimers }));
      client = clientOf(served);
      pool = await client.openPool({ maxRunspaces: 2 });
    });
    afterAll(async () => {
      await client.close();
      await served.server.close();
    });

    describe('check 11: a script of 1 MB', () => {
      test('runs, and its fragments are those of one message', async () => {
        const padding = '# '.padEnd(1_000_000, 'é');

        const { output } = await pool.invoke(`${padding}\n'done'`);

        expect(output).toEqual(['done']);
      });
    });

    describe('check 12: 100 MB of output for a slow reader', () => {
      test('arrive whole and in order, and take less than 50 MB of memory', async () => {
        const program = fileURLToPath(new URL('slow-reader.ts', import.meta.url));
        const run = promisify(execFile)(process.execPath, [program, String(served.server.port)]);

        const { growth, ...reading } = JSON.parse((await run).stdout) as SlowReading;

        const expected = createHash('sha256');
        for (let i = 1; i <= 1000; i += 1) expected.update(String(i % 10).repeat(100_000));
        expect(reading).toEqual({
          values: 1000,
          characters: 100_000_000,
          digest: expected.digest('hex'),
        });
        expect(growth).toBeLessThan(50_000_000);
      });
    });

    describe('check 14: the six streams', () => {
      test('come in order, errors with category, position and id', async () => {
        const text = `
function Send-All { [CmdletBinding()] param()
  $PSCmdlet.WriteObject('out')
  $PSCmdlet.WriteWarning('careful')
  $VerbosePreference = 'Continue'; $DebugPreference = 'Continue'
  $PSCmdlet.WriteVerbose('detail')
  $PSCmdlet.WriteDebug('inside')
  $PSCmdlet.WriteInformation([System.Management.Automation.InformationRecord]::new('told', 'test'))
  $PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(7, 'working', 'half'))
  $record = [System.Management.Automation.ErrorRecord]::new([System.IO.FileNotFoundException]::new('no such file'), 'MissingFile', 'ObjectNotFound', 'x.txt')
  $PSCmdlet.WriteError($record)
  $PSCmdlet.WriteObject('end')
}
Send-All`;

        const records: PipelineRecord[] = [];
        for await (const record of pool.start(text)) records.push(record);

        expect(records).toMatchObject([
          { stream: 'output', value: 'out' },
          { stream: 'warning', message: 'careful' },
          { stream: 'verbose', message: 'detail' },
          { stream: 'debug', message: 'inside' },
          { stream: 'information', message: 'told' },
          { stream: 'progress', record: { activity: 'working', status: 'half', activityId: 7 } },
          {
            stream: 'error',
            error: {
              message: 'no such file',
              fullyQualifiedErrorId: 'MissingFile,Send-All',
              category: 'ObjectNotFound',
              targetName: 'x.txt',
              exceptionType: 'System.IO.FileNotFoundException',
              position: { line: 14 },
            },
          },
          { stream: 'output', value: 'end' },
        ]);
      });

      test('a script says with exit how it ended, and an error how it failed', async () => {
        const left = await pool.invoke("'before'; exit 7");
        const failed = await pool.invoke("'before'\n throw [System.ArgumentException]::new('it broke')");

        expect(left).toMatchObject({ state: 'Completed', exitCode: 7, output: ['before'] });
        expect(failed).toMatchObject({
          ...{ state: 'Failed', output: ['before'], exitCode: undefined },
          reason: {
            message: 'it broke',
            exceptionType: 'System.ArgumentException',
            category: 'OperationStopped',
            position: { line: 2, column: 2 },
          },
        });
      });
    });

    describe('check 15: text of every kind', () => {
      const torture = [
        '😀 👩‍👩‍👧‍👦',
        'e\u0301 \u202Eright to left\u202C',
        'nul \0 bell \u0007 escape \u001b',
        '_x000A_ _x005F_ _X0041_',
        'line\r\nends\ttabs',
        'lone \ud800 surrogate \udc00',
        '<&>"\' ]]>',
        '\ufffe\uffff\ufeff',
        '  spaces around  ',
        '',
      ];

      test('is the same as argument, as input and as output', async () => {
        const asArgument = await pool.invoke('param($texts) $texts; foreach ($t in $texts) { $t.Length }', {
          parameters: { texts: torture },
        });
        const asInput = await pool.invoke('$input', { input: torture });

        expect(asArgument.output).toEqual([...torture, ...torture.map((text) => text.length)]);
        expect(asInput.output).toEqual(torture);
      });

      test('is the same in the text of a script, where PowerShell takes it', async () => {
        const texts = torture.filter((text) => !/['\0\r\n]/.test(text));

        const { output } = await pool.invoke(texts.map((text) => `'${text}'`).join('\n'));

        expect(output).toEqual(texts);
      });

      test('keeps characters that are cut between two Receives', async () => {
        const { output } = await pool.invoke("foreach ($i in 1..3) { '😀é' * 300000 }");

        expect(output).toEqual(Array.from({ length: 3 }, () => '😀é'.repeat(300_000)));
      });
    });

    describe('check 16: stopping', () => {
      test('ends what runs as Stopped, and the pool goes on', async () => {
        const pipeline = pool.start(`'begun'\n${endless}`);
        expect((await pipeline.output.next()).value).toBe('begun');

        await pipeline.stop();

        expect(await pipeline.result).toMatchObject({ state: 'Stopped', hadErrors: false });
        expect((await pool.invoke('1 + 1')).output).toEqual([2]);
      });

      test('a bound on time stops it too, and says so', async () => {
        const late = pool.invoke(endless, { timeouts: { total: milliseconds(500) } });

        await expect(late).rejects.toMatchObject({
          code: 'pipeline.timeout',
          details: { limit: 'total', stopped: true },
        });
        expect((await pool.invoke('1 + 1')).output).toEqual([2]);
      });
    });

    describe('several pipelines', () => {
      test('run side by side in their own runspaces', async () => {
        const text =
          'param($i) [System.Threading.Thread]::Sleep(300); "$i in $([runspace]::DefaultRunspace.Id)"';

        const results = await Promise.all([1, 2].map((i) => pool.invoke(text, { parameters: { i } })));

        const runspaces = results.map(({ output }) => (output[0] as string).split(' in ')[1]);
        expect(new Set(runspaces).size).toBe(2);
      });

      test('commands feed each other, and statements follow each other', async () => {
        const piped = await pool.invoke([
          { script: 'param($n) 1..$n', parameters: { n: 4 } },
          { command: 'ForEach-Object', parameters: { MemberName: 'ToString' } },
        ]);
        const both = await pool.invoke({ statements: ['$kept = 20', '$kept + 22'] });

        expect(piped.output).toEqual(['1', '2', '3', '4']);
        expect(both.output).toEqual([42]);
      });

      test('a nested one sees the variables of the one it runs in', async () => {
        const one = await client.openPool();
        const outer = one.start(`$inside = 42; 'begun'; ${endless}`);
        await outer.output.next();

        const inner = await one.invoke('$inside', { nested: true });
        await outer.stop();
        await one.close();

        expect(inner.output).toEqual([42]);
      });
    });

    describe('secrets', () => {
      test('go out and come back as such, with a key that nobody asked for by hand', async () => {
        const text = `param($s)
          [System.Net.NetworkCredential]::new('', $s).Password.Length
          [pscustomobject]@{ Inner = $s }`;

        const { output } = await pool.invoke(text, { parameters: { s: new Secret('gehéim') } });

        const plain = output.map(toPlain) as [number, { Inner: Secret }];
        expect(plain[0]).toBe(6);
        expect(plain[1].Inner.reveal()).toBe('gehéim');
      });

      test('that a script makes can be read, although no key was exchanged before', async () => {
        await using fresh = await client.openPool();
        const text = `'before'; $s = [securestring]::new(); 'geheim'.ToCharArray() | ForEach-Object { $s.AppendChar($_) }; $s; 'after'`;

        const { output } = await fresh.invoke(text);

        const [before, secret, after] = output.map(toPlain);
        expect([before, after]).toEqual(['before', 'after']);
        expect((secret as Secret).reveal()).toBe('geheim');
      });
    });

    describe('a host of the caller', () => {
      test('answers what scripts ask, and hears what they write', async () => {
        const heard: string[] = [];
        await using asked = await client.openPool({
          host: {
            info: 'minimal',
            answer: (call) => {
              heard.push(call.method);
              return call.method === 'ReadLine'
                ? Promise.resolve({ kind: 'value', value: 'blue' })
                : { kind: 'done' };
            },
          },
        });

        const { output } = await asked.invoke(
          '$Host.UI.WriteLine("your colour?"); "it is $($Host.UI.ReadLine())"',
        );

        expect(output).toEqual(['it is blue']);
        expect(heard).toEqual(['WriteLine2', 'ReadLine']);
      });

      test('that nobody sits at refuses a prompt rather than hang', async () => {
        const { state, reason } = await pool.invoke('$Host.UI.ReadLine()');

        expect(state).toBe('Failed');
        expect(reason?.message).toContain('ReadLine');
      });
    });

    describe('check 25: closing', () => {
      test('leaves no shell and no process', async () => {
        const before = served.host.openShells;
        const second = clientOf(served);
        const { output } = await second.invoke('$PID');
        await second.close();

        expect(served.host.openShells).toBe(before);
        await systemTimers.sleep(milliseconds(100), never);
        expect(() => process.kill(Number(output[0]), 0)).toThrow('ESRCH');
      });
    });
  },
);
