import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { gatedPlaybook, quickPlaybook, Site, until } from '../support/app-site.ts';

const launcher = resolve(import.meta.dirname, '../../bin/countersign.mjs');

/** The command line as a process of its own, as a terminal starts it. */
function startProcess(site: Site, ...argv: string[]) {
  const env = { PATH: process.env['PATH'], ...site.env };
  const child = spawn(process.execPath, [launcher, ...argv], { cwd: site.directory, env });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  return {
    interrupt: () => child.kill('SIGINT'),
    printed: () => printed,
    exitCode: new Promise<number | null>((done) => child.on('close', done)),
  };
}

describe.skipIf(process.platform === 'win32')('a process that is interrupted', () => {
  test('once, at a gate, lets go with exit 130', async () => {
    const site = await Site.start({ playbook: gatedPlaybook });
    await site.plan();
    const applying = startProcess(site, 'apply', 'plan.json');
    await until(() => applying.printed().includes('Are all vendors confirmed?'));

    applying.interrupt();

    expect(await applying.exitCode).toBe(130);
    expect(applying.printed()).toContain('nothing new starts');
    expect(applying.printed()).toContain('countersign resume');
  });

  test('twice, during a reboot, is gone at once; resume finds the reboot and does not repeat it', async () => {
    const slow = { kind: 'slow-reboot', extraMs: 1500 } as const;
    const site = await Site.start({
      hosts: [{ name: 'fs-01', build: 'server-2019', smb1: 'on', faults: [slow] }],
      playbook: quickPlaybook,
    });
    await site.plan();
    const applying = startProcess(site, 'apply', 'plan.json');
    await until(() => site.log.some(({ event }) => event === 'shutdown'));

    applying.interrupt();
    await until(() => applying.printed().includes('Once more to detach'));
    applying.interrupt();
    const code = await applying.exitCode;
    const bootedByThen = site.log.some(({ event }) => event === 'reboot');
    const resumed = await site.cli('resume');

    expect([code, bootedByThen]).toEqual([130, false]);
    expect(resumed.code).toBe(0);
    expect(site.log.filter(({ event }) => event === 'shutdown')).toHaveLength(1);
    expect(site.log.filter(({ event }) => event === 'reboot')).toHaveLength(1);
  });
});
