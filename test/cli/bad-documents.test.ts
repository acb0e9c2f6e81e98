import { expect, test } from 'vitest';
import { quickPlaybook, signingPlaybook, Site } from '../support/app-site.ts';

const broken = [
  {
    what: 'a playbook that is no YAML',
    playbook: quickPlaybook.replace('hosts: all', 'hosts: [all'),
    says: /^playbook\.yml:\d+:\d+: The YAML cannot be read: .*\(yaml\.syntax\)$/m,
  },
  {
    what: 'an unknown key, with the one that was meant',
    playbook: quickPlaybook.replace('controls:', 'contrls:'),
    says: /^playbook\.yml:9:5: Unknown key contrls.*\(document\.unknown-key\)\n {2}Did you mean controls\?$/m,
  },
  {
    what: 'an unknown window, with the one that was meant',
    playbook: quickPlaybook.replace('window: now', 'window: nwo'),
    says: /^playbook\.yml:8:13: .*nwo.*\(playbook\.unknown-window\)\n {2}Did you mean now\?$/m,
  },
  {
    what: 'an unknown control, with the one that was meant',
    playbook: quickPlaybook.replace('smb1-server:', 'smb1-sever:'),
    says: /^playbook\.yml:\d+:7: .*smb1-sever.*\(playbook\.unknown-control\)\n {2}Did you mean smb1-server\?$/m,
  },
  {
    what: 'a parameter that the control does not have',
    playbook: quickPlaybook.replace('enabled: false', 'enable: false'),
    says: /^playbook\.yml:\d+:\d+: Unknown key enable/m,
  },
] as const;

test.each(broken)('$what is exit 65 with file, line and column', async ({ playbook, says }) => {
  const site = await Site.start({ playbook });

  const validated = await site.cli('validate');
  const planned = await site.cli('plan');

  expect(validated.code).toBe(65);
  expect(validated.err).toMatch(says);
  expect(validated.out).toMatch(/^Invalid: \d error/);
  expect(planned.code).toBe(65);
  expect(planned.err).toMatch(says);
  expect(site.log).toEqual([]);
});

test('groups that contain each other are exit 65, and name both', async () => {
  const site = await Site.start();
  site.edit(
    'inventory.yml',
    (text) =>
      `${text}  children:\n    a:\n      children:\n        b:\n          children:\n            a:\n`,
  );

  const validated = await site.cli('validate');

  expect(validated.code).toBe(65);
  expect(validated.err).toMatch(
    /^inventory\.yml:\d+:\d+: Group b becomes a child of a.*\(inventory\.cycle\)$/m,
  );
});

test('all errors of inventory and playbook come together, in reading order', async () => {
  const site = await Site.start({ playbook: quickPlaybook.replace('window: now', 'window: nwo') });
  site.edit('inventory.yml', (text) => text.replace('ansible_port:', 'ansible_port: x, ansible_prot:'));

  const { code, out, err } = await site.cli('validate', '--json');

  expect(code).toBe(65);
  expect(err).toBe('');
  const { problems, valid } = JSON.parse(out);
  expect(valid).toBe(false);
  expect(problems.map((it: { code: string }) => it.code)).toContain('playbook.unknown-window');
});

test.each([
  ['no inventory at all', ['-i', 'nowhere.yml'], 65, 'nowhere.yml does not exist (file.not-found)'],
  ['a playbook that is not there', ['-p', 'nowhere.yml'], 65, 'nowhere.yml does not exist (file.not-found)'],
  [
    'a pattern that matches nothing',
    ['-l', 'sf-01'],
    65,
    'sf-01 in pattern sf-01 matches no host and no group',
  ],
])('%s ends a plan before any host is asked', async (_, argv, code, says) => {
  const site = await Site.start();

  const planned = await site.cli('plan', ...argv);

  expect(planned).toMatchObject({ code, out: '', err: expect.stringContaining(says) });
  expect(site.log).toEqual([]);
});

test('without an inventory that is named or stands in its usual place, exit 64 says how to get one', async () => {
  const site = await Site.start();
  site.env = { COUNTERSIGN_INVENTORY: '' };

  const { code, err } = await site.cli('inventory');

  expect(code).toBe(64);
  expect(err).toMatch(/No inventory was named.*\n {2}Name one with -i PATH.*countersign init/);
});

test.each([
  ['is no JSON', () => 'nonsense', 'plan.unreadable'],
  [
    'has another schema',
    (text: string) => text.replace('countersign/plan@1', 'countersign/plan@9'),
    'plan.unknown-schema',
  ],
  ['was edited', (text: string) => text.replace('"concurrency":', '"concurrency":1'), 'plan.digest'],
  ['lost a phase', (text: string) => JSON.stringify({ ...JSON.parse(text), phases: [] }), 'plan.digest'],
] as const)('a plan that %s is exit 65, and nothing is done', async (_, change, code) => {
  const site = await Site.start({ playbook: signingPlaybook });
  await site.plan();
  site.edit('plan.json', change);
  const before = site.log.length;

  const applied = await site.cli('apply', 'plan.json');

  expect(applied).toMatchObject({ code: 65, err: expect.stringContaining(`(${code})`) });
  expect(site.log).toHaveLength(before);
});

test.each([
  ['inventory.yml', (text: string) => `${text}# a comment\n`],
  ['playbook.yml', (text: string) => text.replace('enabled: false', 'enabled: true')],
] as const)('a plan whose %s was edited is stale: exit 7, and no host is asked', async (file, change) => {
  const site = await Site.start();
  await site.plan();
  site.edit(file, change);
  const before = site.log.length;

  const applied = await site.cli('apply', 'plan.json');

  expect(applied).toMatchObject({ code: 7, err: expect.stringContaining(file) });
  expect(site.log).toHaveLength(before);
});

test('a window that is too short is exit 6, with the smallest changes that fit', async () => {
  const window = '{ days: [mon], start: "22:00", duration: 3m, timezone: Europe/Berlin, cutoff: auto }';
  const site = await Site.start({ playbook: quickPlaybook.replace('{ always: true }', window) });

  const planned = await site.cli('plan', '-o', 'plan.json');

  expect(planned).toMatchObject({ code: 6, out: '' });
  expect(planned.err).toMatch(/\(plan\.infeasible[a-z-]*\)\n {2}.*(duration|fit)/);
  expect(() => site.read('plan.json')).toThrow();
});

test('an .env that cannot be read is an error that names it', async () => {
  const site = await Site.start();
  const { mkdirSync } = await import('node:fs');
  mkdirSync(site.path('.env'));

  expect(await site.cli('validate')).toMatchObject({ code: 65, err: expect.stringContaining('.env failed') });
});
