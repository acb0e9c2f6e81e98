import { expect, test } from 'vitest';
import { gatedPlaybook, quickPlaybook, signingPlaybook, Site } from '../support/app-site.ts';

/** A window that is shut now, and opens on another day of this week. */
function playbookForLater(): string {
  const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  const day = days[(new Date().getUTCDay() + 3) % 7];
  const window = `{ days: [${day}], start: "12:00", duration: 4h, timezone: UTC }`;
  return signingPlaybook.replace('{ always: true }', window);
}

test('apply --once outside its window writes nothing and exits 3 with the next time', async () => {
  const site = await Site.start({ playbook: playbookForLater() });
  await site.plan();

  const { code, err, out } = await site.cli('apply', 'plan.json', '--once', '--events', 'ndjson');

  expect(code).toBe(3);
  expect(err).toBe('');
  const stopped = JSON.parse(out.trim().split('\n').at(-1)!);
  expect(stopped).toMatchObject({ type: 'controller.stopped', data: { reason: 'once' } });
  expect(stopped.data.next).toMatch(/T12:00:00Z$/);
  expect(Date.parse(stopped.data.next)).toBeGreaterThan(Date.now());
  expect(site.effects()).toEqual([]);
});

test('apply --once says for reading when its window opens, and how to go on', async () => {
  const site = await Site.start({ playbook: playbookForLater() });
  await site.plan();

  const { code, out } = await site.cli('apply', 'plan.json', '--once');

  expect(code).toBe(3);
  expect(out).toMatch(/12:00/);
  expect(out).toMatch(/countersign resume \d{8}-\d{4}-[0-9a-f]{4}/);
});

test('plan exits 0 whether or not changes are due, and 2 for due changes with --detailed-exitcode', async () => {
  const site = await Site.start({ playbook: signingPlaybook });

  const plain = await site.cli('plan', '-o', 'plan.json');
  const detailed = await site.cli('plan', '--detailed-exitcode');
  await site.cli('apply', 'plan.json');
  const after = await site.cli('plan', '--detailed-exitcode');

  expect([plain.code, detailed.code, after.code]).toEqual([0, 2, 0]);
});

test('status exits 1 while a host has drifted and 0 when all are as wanted', async () => {
  const site = await Site.start({ playbook: signingPlaybook });
  const before = await site.cli('status');
  await site.cli('plan', '-o', 'plan.json');
  await site.cli('apply', 'plan.json');

  const after = await site.cli('status');

  expect([before.code, after.code]).toEqual([1, 0]);
});

test('a plan that is applied twice, with nothing left, exits 0 both times', async () => {
  const site = await Site.start({ playbook: quickPlaybook });
  await site.cli('plan', '-o', 'plan.json');

  const codes = [await site.cli('apply', 'plan.json'), await site.cli('apply', 'plan.json')];

  expect(codes.map(({ code }) => code)).toEqual([0, 0]);
});

test('an unanswered gate leaves exit 3', async () => {
  const site = await Site.start({ playbook: gatedPlaybook });
  await site.plan();

  expect((await site.cli('apply', 'plan.json', '--once')).code).toBe(3);
});

test('plan --offline asks nobody and gives the plan of the last observations', async () => {
  const site = await Site.start({ playbook: signingPlaybook });
  await site.cli('status');
  const asked = site.log.length;

  const { code, out } = await site.cli('plan', '--offline', '--json');

  expect(code).toBe(0);
  expect(site.log).toHaveLength(asked);
  expect(JSON.parse(out).hosts[0].steps.map((it: { action: string }) => it.action)).toEqual([
    'write',
    'write',
  ]);
});

test('a host that the inventory gives no way to is a mistake in a file, and not the network’s', async () => {
  const site = await Site.start({ playbook: signingPlaybook });
  site.edit('inventory.yml', (text) =>
    text.replace(/ansible_password: .*/, `ansible_password: "{{ lookup('env', 'NOT_SET') }}"`),
  );

  const [ping, status] = [await site.cli('ping'), await site.cli('status')];

  expect([ping.code, status.code]).toEqual([65, 65]);
  expect(ping.out).toContain('NOT_SET');
});
