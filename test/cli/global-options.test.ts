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
