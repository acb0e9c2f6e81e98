import { afterAll, beforeAll, expect, test } from 'vitest';
import { issueWritePermit } from '../../../src/core/issue-write-permit.ts';
import { unwrap } from '../../../src/core/result.ts';
import type { Result } from '../../../src/core/result.ts';
import { instant, milliseconds, minutes, seconds } from '../../../src/core/time.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { pwshBackends } from '../../../src/lab/server/pwsh-backend.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { systemProcesses } from '../../../src/node/child-process.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import type { ReadScript, WriteScript } from '../../../src/ports/scripts.ts';
import type { HostSession, ScriptOutput } from '../../../src/ports/session.ts';
import { oracle } from '../../support/oracles.ts';
import { findPowerShell } from '../../support/powershell.ts';
import { never, serveHost } from '../../support/winrm-host.ts';
import type { ServedHost } from '../../support/winrm-host.ts';

const options = { timeout: seconds(30) };
const script = (text: string): ReadScript => ({ kind: 'read', name: 'test.ps1', text });
const change = (text: string): WriteScript => ({ kind: 'write', name: 'test.ps1', text });

oracle(
  'a real PowerShell behind our own server',
  () => findPowerShell() !== undefined,
  () => {
    let served: ServedHost;
    let session: HostSession;

    beforeAll(async () => {
      const program = findPowerShell() ?? '';
      served = await serveHost(pwshBackends({ program, processes: systemProcesses, timers: systemTimers }));
      session = await served.open();
    });
    afterAll(async () => {
      await session.close();
      await served.server.close();
    });

    const read = (text: string, args: JsonObject = {}): Promise<Result<ScriptOutput>> =>
      session.read(script(text), args, options, never);

    test('tells its protocol and version', () => {
      expect(session.server.protocol).toMatch(/^2\.\d$/);
      expect(session.server.powershell).toMatch(/^7\./);
    });

    test('gives typed arguments back as they were sent', async () => {
      const args = {
        text: 'plain',
        number: 42,
        negative: -7,
        large: 9_007_199_254_740_991,
        fraction: 0.1,
        yes: true,
        nothing: null,
        list: ['a', 1, false, null],
        nested: { deeper: { still: 'here' } },
      };

      const { output } = unwrap(await read('$Arguments', args));

      expect(output).toEqual([args]);
    });

    test('takes arguments as .NET types', async () => {
      const text = `foreach ($name in 'a','b','c','d','e') { if ($null -eq $Arguments[$name]) { 'null' } else { $Arguments[$name].GetType().Name } }`;

      const { output } = unwrap(await read(text, { a: 1, b: 'x', c: 2 ** 40, d: [1], e: { f: 1 } }));

      expect(output).toEqual(['Int32', 'String', 'Int64', 'ArrayList', 'Hashtable']);
    });

    test('carries any text both ways', async () => {
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

      const { output } = unwrap(
        await read(`$Arguments['texts']; foreach ($t in $Arguments['texts']) { $t.Length }`, {
          texts: torture,
        }),
      );

      expect(output).toEqual([...torture, ...torture.map((text) => text.length)]);
    });

    test('writes all streams', async () => {
      const text = `
      $VerbosePreference = 'Continue'
      $ErrorActionPreference = 'Continue'
      $ctx = $ExecutionContext.Host
      function Send-All { [CmdletBinding()] param()
        $PSCmdlet.WriteObject('out')
        $PSCmdlet.WriteWarning('careful')
        $PSCmdlet.WriteVerbose('detail')
        $record = [System.Management.Automation.ErrorRecord]::new([System.IO.FileNotFoundException]::new('no such file'), 'MissingFile', 'ObjectNotFound', 'x.txt')
        $PSCmdlet.WriteError($record)
      }
      Send-All`;

      const result = unwrap(await read(text));

      expect(result.output).toEqual(['out']);
      expect(result.warnings).toEqual(['careful']);
      expect(result.verbose).toEqual(['detail']);
      expect(result.errors).toMatchObject([
        {
          message: 'no such file',
          id: 'MissingFile,Send-All',
          category: 'ObjectNotFound',
          exceptionType: 'System.IO.FileNotFoundException',
        },
      ]);
    });

    test('fails with the error, its id, and its place in the script as it is shipped', async () => {
      const result = await read("'before'\n\n   throw [System.InvalidOperationException]::new('it broke')");

      expect(result).toMatchObject({
        ok: false,
        error: {
          code: 'script.failed',
          details: {
            reason: 'it broke',
            errorId: 'it broke',
            category: 'OperationStopped',
            exceptionType: 'System.InvalidOperationException',
            position: 'line 3, column 4',
          },
        },
      });
    });

    test('runs under strict mode and stops at the first error', async () => {
      const undeclared = await read('$never');
      const parser = await read('if (');

      expect(undeclared).toMatchObject({
        error: { code: 'script.failed', details: { errorId: 'VariableIsUndefined' } },
      });
      expect(parser).toMatchObject({
        error: { code: 'script.failed', details: { category: 'ParserError' } },
      });
    });

    test('takes a script of one megabyte', async () => {
      const padding = '# '.padEnd(1_000_000, 'x');

      const { output } = unwrap(await read(`${padding}\n'done'`));

      expect(output).toEqual(['done']);
    });

    test('gives several megabytes of output, whole and in order', async () => {
      const { output } = unwrap(await read(`foreach ($i in 1..40) { 'é' * 50000 + $i }; 'x' * 3000000`));

      expect(output).toHaveLength(41);
      expect(output.slice(0, 40)).toEqual(
        Array.from({ length: 40 }, (_, i) => 'é'.repeat(50_000) + String(i + 1)),
      );
      expect(output[40]).toBe('x'.repeat(3_000_000));
    });

    test('stops a script that takes too long, and stays usable', async () => {
      const slow = script('while ($true) { [System.Threading.Thread]::Sleep(20) }');

      const result = await session.read(slow, {}, { timeout: milliseconds(500) }, never);

      expect(result).toMatchObject({
        error: { code: 'script.timeout', details: { after: '500ms', started: true, stopped: true } },
      });
      expect(unwrap(await read('1 + 1')).output).toEqual([2]);
    });

    test('stops a script when the caller gives up, and stays usable', async () => {
      const stop = new AbortController();
      const slow = script('while ($true) { [System.Threading.Thread]::Sleep(20) }');

      const running = session.read(slow, {}, options, stop.signal);
      systemTimers.after(milliseconds(300), () => stop.abort());

      expect(await running).toMatchObject({ error: { code: 'net.aborted' } });
      expect(unwrap(await read('1 + 1')).output).toEqual([2]);
    });

    test('refuses a write that comes too late, before its first line', async () => {
      const write = (validUntil: number): Promise<Result<ScriptOutput>> =>
        session.write(
          change("'written'"),
          {},
          issueWritePermit('web-01', 'intent-1'),
          { ...options, validUntil: instant(validUntil) },
          never,
        );
      const now = systemClock.now();

      expect(await write(now + minutes(5))).toMatchObject({ ok: true, value: { output: ['written'] } });
      expect(await write(now - minutes(5))).toMatchObject({ error: { code: 'session.refused-late' } });
    });

    test('leaves no shell and no process behind', async () => {
      const second = await served.open();
      const { output } = unwrap(await second.read(script('$PID'), {}, options, never));
      await second.close();

      expect(served.host.openShells).toBe(1);
      expect(() => process.kill(Number(output[0]), 0)).toThrow('ESRCH');
    });
  },
);
