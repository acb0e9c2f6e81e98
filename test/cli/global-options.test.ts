import { expect, test } from 'vitest';
import { Site } from '../support/app-site.ts';

test('options before and after the command’s name add up, and the later wins', async () => {
  const site = await Site.start();

  const { code, out } = await site.cli('-e', 'one=1', '-e', 'two=2', 'inventory', '--json', '-e', 'two=3');

  expect(code).toBe(0);
  expect(JSON.parse(out).hosts[0].vars).toMatchObject({ one: { value: '1' }, two: { value: '3' } });
});

test('inventories before and after the command’s name are read in that order', async () => {
  const site = await Site.start();
  site.write('more.yml', 'all:\n  hosts:\n    extra-01: { ansible_connection: psrp }\n');

  const { out } = await site.cli('-i', 'inventory.yml', 'inventory', '-i', 'more.yml', '--json');

  const hosts = JSON.parse(out).hosts.map((it: { host: string }) => it.host);
  expect(hosts).toEqual(['fs-01', 'extra-01']);
});

test('journal holds verify as a command of its own, with its help and its arguments', async () => {
  const site = await Site.start();

  const help = await site.cli('journal', 'verify', '--help');
  const [verbless, unknown, runless] = [
    await site.cli('journal'),
    await site.cli('journal', 'verfy', 'some-run'),
    await site.cli('journal', 'verify'),
  ];

  expect(help).toMatchObject({ code: 0, err: '' });
  expect(help.out).toContain('countersign journal verify [options] <run>');
  expect(verbless).toMatchObject({ code: 64, out: '' });
  expect(unknown).toMatchObject({ code: 64, err: expect.stringContaining("unknown command 'verfy'") });
  expect(runless).toMatchObject({ code: 64, err: expect.stringContaining("argument 'run'") });
});

test('journal verify is done when the record is whole, with options on any side of its names', async () => {
  const site = await Site.start();
  await site.cli('plan', '-o', 'plan.json');
  await site.cli('apply', 'plan.json');
  const { runs } = JSON.parse((await site.cli('runs', '--json')).out);

  const verified = await site.cli('journal', '--json', 'verify', runs[0].run);

  expect(verified.code, verified.err).toBe(0);
  expect(JSON.parse(verified.out)).toMatchObject({ run: runs[0].run, integrity: { ok: true } });
});
