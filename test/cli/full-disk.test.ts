import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { resumeRun } from '../../src/app/run-plan.ts';
import { verifyRunJournal } from '../../src/app/verify-journal.ts';
import { jumpingClock } from '../../src/compose/jumping-clock.ts';
import { unwrap } from '../../src/core/result.ts';
import { milliseconds } from '../../src/core/time.ts';
import { systemClock } from '../../src/node/clock.ts';
import { systemTimers } from '../../src/node/timers.ts';
import { exitCodeOf } from '../../src/run/outcomes.ts';
import { quickPlaybook, Site } from '../support/app-site.ts';
import type { CliResult } from '../support/app-site.ts';

const launcher = resolve(import.meta.dirname, '../../bin/countersign.mjs');

/** Runs the command line as a process none of whose files may grow beyond `kib`: to SQLite that is a full disk. */
function cliWithFilesOf(kib: number, site: Site, ...argv: string[]): Promise<CliResult> {
  const script = `ulimit -f ${kib}; exec "$@"`;
  const child = spawn('bash', ['-c', script, 'bash', process.execPath, launcher, ...argv], {
    cwd: site.directory,
    env: { PATH: process.env['PATH'], ...site.env },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((done) => child.on('close', (code) => done({ code: code ?? -1, out, err })));
}

const hosts = [
  { name: 'fs-01', build: 'server-2019', smb1: 'on' },
  { name: 'fs-02', build: 'server-2016', smb1: 'on' },
] as const;

describe.skipIf(process.platform === 'win32')('when the disk under the journal is full', () => {
  test('a run that cannot be recorded is not begun: no host hears of it', async () => {
    const site = await Site.start({ hosts });
    await site.plan();
    unwrap(site.runtime().state.journal()).close();
    const before = site.log.length;

    const { code, err } = await cliWithFilesOf(12, site, 'apply', 'plan.json');

    expect(code).toBe(1);
    expect(err).toMatch(
      /Writing the journal .* failed: .*\(journal\.write\)\n {2}Nothing was sent that is not on record/,
    );
    expect(site.log).toHaveLength(before);
  });

  test.each([60, 130])(
    'a run that meets the end of the disk at %i KiB stops cleanly, and resume finishes it once there is room',
    async (kib) => {
      const site = await Site.start({ hosts, playbook: quickPlaybook });
      await site.plan();

      const full = await cliWithFilesOf(kib, site, 'apply', 'plan.json');
      const effects = site.effects().map(({ host, event }) => `${event} ${host}`);
      const clock = jumpingClock(systemClock, systemTimers, milliseconds(1));
      const resumed = unwrap(await resumeRun(site.runtime({ clock }), undefined, {}));

      expect(full).toMatchObject({ code: 1, err: expect.stringContaining('(journal.write)') });
      expect(exitCodeOf(resumed)).toBe(0);
      expect(
        site
          .effects()
          .map(({ host, event }) => `${event} ${host}`)
          .slice(0, effects.length),
      ).toEqual(effects);
      for (const { name } of hosts) {
        const shutdowns = site.effects().filter(({ host, event }) => host === name && event === 'shutdown');
        expect(shutdowns).toHaveLength(1);
      }
      expect(unwrap(verifyRunJournal(site.runtime(), resumed.run))).toMatchObject({
        integrity: { ok: true },
        completeness: { ok: true },
      });
    },
  );
});
