import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Site, until } from '../support/app-site.ts';
import type { RunningCli } from '../support/app-site.ts';

async function startLab(site: Site): Promise<RunningCli> {
  const lab = site.start('lab', '--hosts', '2', '--seed', '7', '--write-inventory', 'lab.yml');
  await until(() => lab.printed().includes('Ctrl-C ends the lab'));
  return lab;
}

test('the inventory that a lab writes is enough to reach its hosts, with nothing in the environment', async () => {
  const site = await Site.start();
  site.env = { COUNTERSIGN_USER: 'CORP\\somebody.else' };
  const lab = await startLab(site);

  const reached = await site.cli('ping', '-i', 'lab.yml');
  lab.stop();

  expect(reached, reached.out).toMatchObject({ code: 0, err: '' });
  expect(statSync(site.path('lab.yml')).mode & 0o777).toBe(0o600);
  expect((await lab.finished).code).toBe(0);
});

test('a lab that is given its password by the environment does not write it down', async () => {
  const site = await Site.start();
  const lab = await startLab(site);

  const reached = await site.cli('ping', '-i', 'lab.yml');
  lab.stop();

  expect(reached.code, reached.out).toBe(0);
  expect(site.read('lab.yml')).not.toContain(site.env['COUNTERSIGN_PASSWORD']);
  await lab.finished;
});
