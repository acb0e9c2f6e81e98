import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { milliseconds } from '../../../src/core/time.ts';
import { programBackends } from '../../support/cmd-host.ts';
import { oracle } from '../../support/oracles.ts';
import { findPowerShell } from '../../support/powershell.ts';
import { engineBackends, serveHost } from '../../support/winrm-host.ts';
import type { ServedHost } from '../../support/winrm-host.ts';
import { findPywinrm, pywinrm } from './pywinrm.ts';
import type { PywinrmOutcome } from './pywinrm.ts';

/** UTF-8 as the bytes that pywinrm hands over. */
const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const idle = engineBackends(() => new Promise(() => undefined));

oracle(
  'pywinrm as a client of our server half',
  () => findPywinrm() !== undefined && findPowerShell() !== undefined,
  () => {
    let served: ServedHost;
    beforeAll(async () => {
      served = await serveHost(idle, { cmd: programBackends({ maxLineCharacters: 200_000 }) });
    });
    afterAll(() => served.server.close());

    describe('check 14: a program', () => {
      test('has its output, its errors and its exit code, to the byte', async () => {
        const [result] = await pywinrm(served, [
          { cmd: ["printf 'a\\r\\n\\tb\\000\\377'; printf 'oops ' >&2; exit 7"] },
        ]);

        expect(result).toEqual({ stdout: 'a\r\n\tb\0\xff', stderr: 'oops ', code: 7 });
      });

      test('gets its arguments behind the command, joined by blanks', async () => {
        const [result] = await pywinrm(served, [{ cmd: ['echo', 'a', '"b   c"', '$((1+2))'] }]);

        expect(result).toEqual({ stdout: 'a b   c 3\n', stderr: '', code: 0 });
      });

      test('writes and reads Unicode', async () => {
        const text = 'こんにちは 😀 äöü “quoted” <&>';

        const [result] = await pywinrm(served, [{ cmd: ['echo', `'${text}'`] }]);

        expect(result).toEqual({ stdout: bytes(`${text}\n`), stderr: '', code: 0 });
      });

      test('may be silent for longer than an operation lasts', async () => {
        const [result] = await pywinrm(served, [{ cmd: ['sleep 2.5; echo late'] }], { operationTimeout: 1 });

        expect(result).toEqual({ stdout: 'late\n', stderr: '', code: 0 });
      });

      test('writes much in many Receives, in order', async () => {
        const [result] = await pywinrm(served, [{ cmd: ['seq 1 400000'] }]);

        const expected = Array.from({ length: 400_000 }, (_, index) => `${index + 1}\n`).join('');
        const { stdout, code } = result as PywinrmOutcome;
        expect([stdout.length, sha256(stdout), code]).toEqual([expected.length, sha256(expected), 0]);
      });

      test('may be missing', async () => {
        const [result] = await pywinrm(served, [{ cmd: ['no-such-program-anywhere'] }]);

        expect(result).toMatchObject({ stdout: '', code: 127 });
        expect((result as PywinrmOutcome).stderr).toContain('not found');
      });
    });

    test('one shell runs many commands, with its directory and variables, and is gone afterwards', async () => {
      const [results] = await pywinrm(served, [
        {
          shell: [
            ['pwd'],
            ['echo', '"$GREETING"'],
            ...Array.from({ length: 30 }, (_, index) => ['echo', String(index)]),
          ],
          ...{ workingDirectory: '/usr', environment: { GREETING: ' hi  there ' }, idleTimeout: 'PT600S' },
        },
      ]);

      const lines = (results as PywinrmOutcome[]).map(({ stdout }) => stdout);
      expect(lines.slice(0, 3)).toEqual(['/usr\n', ' hi  there \n', '0\n']);
      expect(lines.at(-1)).toBe('29\n');
      expect(served.host.openShells).toBe(0);
    });

    test('a script runs in the real PowerShell', async () => {
      const results = await pywinrm(served, [
        { ps: '"PowerShell $($PSVersionTable.PSVersion.Major): ✓ 😀"; exit 3' },
        // By hand, since this pywinrm stumbles over errors of its run_ps.
        {
          cmd: [
            'PowerShell.exe',
            '-NonInteractive',
            '-enc',
            utf16("[Console]::Error.Write('no way'); exit 1"),
          ],
        },
      ]);

      expect(results[0]).toEqual({ stdout: bytes('PowerShell 7: ✓ 😀\n'), stderr: '', code: 3 });
      expect(results[1]).toEqual({ stdout: '', stderr: 'no way', code: 1 });
    });

    test('everything travels sealed', async () => {
      const requests = served.events.flatMap((event) =>
        event.event === 'request' && event.action !== 'logon' ? [event] : [],
      );

      expect(requests.length).toBeGreaterThan(50);
      expect(requests.every(({ sealed }) => sealed)).toBe(true);
    });

    test('a wrong password is told as such', async () => {
      const results = await pywinrm(served, [{ cmd: ['echo'] }], { password: 'wrong' });

      expect(results).toMatchObject([{ error: 'InvalidCredentialsError' }]);
    });

    test('a quota is told in a form that it reads', async () => {
      const full = await serveHost(idle, { cmd: programBackends(), maxShellsPerUser: 0 });

      const results = await pywinrm(full, [{ cmd: ['echo'] }]);

      await full.server.close();
      expect(results).toMatchObject([{ error: 'WinRMError' }]);
      expect((results[0] as { message: string }).message).toMatch(/concurrent shells.*w:QuotaLimit/);
    });

    test('a host without cmd shells says so', async () => {
      const none = await serveHost(idle);

      const results = await pywinrm(none, [{ cmd: ['echo'] }]);

      await none.server.close();
      expect(results).toMatchObject([{ error: 'WinRMError' }]);
      expect((results[0] as { message: string }).message).toContain('resource URI');
    });

    test('an answer that dribbles in is read all the same', async () => {
      const slow = await serveHost(idle, {
        cmd: programBackends(),
        misbehave: () => ({ kind: 'dribble', bytes: 700, pause: milliseconds(1) }),
      });

      const results = await pywinrm(slow, [{ cmd: ['echo', 'patience'] }]);

      await slow.server.close();
      expect(results).toEqual([{ stdout: 'patience\n', stderr: '', code: 0 }]);
    });
  },
);

function utf16(text: string): string {
  return Buffer.from(text, 'utf16le').toString('base64');
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}
