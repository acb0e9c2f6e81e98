import { expect, test } from 'vitest';
import { reportRun } from '../../src/app/report-run.ts';
import { applyPlan } from '../../src/app/run-plan.ts';
import { verifyRunJournal } from '../../src/app/verify-journal.ts';
import { unwrap } from '../../src/core/result.ts';
import { exitCodeOf, runCounts } from '../../src/run/outcomes.ts';
import { signingPlaybook, Site } from '../support/app-site.ts';

const two = [
  { name: 'fs-01', build: 'server-2019', smb1: 'on' },
  { name: 'ws-01', build: 'windows-11-23h2', smb1: 'off' },
] as const;

test('plan, apply and report take a host to the wanted state, with evidence, and leave the other alone', async () => {
  const site = await Site.start({ hosts: two });
  const runtime = site.runtime();

  const plan = await site.plan(runtime);
  const state = unwrap(await applyPlan(runtime, plan, {}));
  const report = unwrap(reportRun(runtime, state.run));

  expect(exitCodeOf(state)).toBe(0);
  expect(report.counts).toMatchObject({ ok: 1, changed: 1 });
  const steps = report.hosts.find(({ host }) => host === 'fs-01')?.steps;
  expect(steps).toMatchObject([
    { control: 'smb1-feature', verified: true, reboots: 1 },
    { control: 'smb1-server', before: { enabled: true }, after: { enabled: false }, verified: true },
  ]);
  expect(site.fleet.windows('fs-01')?.state.smbServer).toMatchObject({ EnableSMB1Protocol: false });
  expect(site.effects().map(({ host, event }) => `${event} ${host}`)).toEqual([
    'write fs-01',
    'write fs-01',
    'shutdown fs-01',
  ]);
  expect(unwrap(verifyRunJournal(runtime, state.run))).toMatchObject({
    integrity: { ok: true },
    completeness: { ok: true },
  });
});

test('a finished plan that is applied again finds everything done elsewhere and writes nothing', async () => {
  const site = await Site.start();
  const runtime = site.runtime();
  const plan = await site.plan(runtime);
  unwrap(await applyPlan(runtime, plan, {}));
  const before = site.effects().length;

  const again = unwrap(await applyPlan(runtime, plan, {}));

  expect(site.effects()).toHaveLength(before);
  expect(exitCodeOf(again)).toBe(0);
  expect(runCounts(again)).toMatchObject({ ok: 1, changed: 0 });
});

test('planning unchanged hosts twice gives one digest', async () => {
  const site = await Site.start({ hosts: two });

  const [first, second] = [await site.plan(), await site.plan()];

  expect(second.digest).toBe(first.digest);
});

test('a host that somebody has put right since the plan is satisfied elsewhere', async () => {
  const site = await Site.start({ playbook: signingPlaybook });
  const plan = await site.plan();
  site.setByHand('fs-01', 'smb-client-signing', { require: true, registryValue: 1 });
  site.setByHand('fs-01', 'smb-server-signing', { require: true, registryValue: 1 });

  const state = unwrap(await applyPlan(site.runtime(), plan, {}));

  expect(site.effects()).toEqual([]);
  expect(exitCodeOf(state)).toBe(0);
  const { outcome, reason } = state.hosts.get('fs-01')?.phases['signing'] ?? {};
  expect([outcome, reason]).toEqual(['ok', expect.stringContaining('satisfied elsewhere')]);
});

test('a host that would need more than was planned is held, and exit 3 says that work is left', async () => {
  const site = await Site.start({ playbook: signingPlaybook });
  site.setByHand('fs-01', 'smb-server-signing', { require: true, registryValue: 1 });
  const plan = await site.plan();
  site.setByHand('fs-01', 'smb-server-signing', { require: false, registryValue: 0 });

  const state = unwrap(await applyPlan(site.runtime(), plan, {}));

  expect(site.effects()).toEqual([]);
  expect(exitCodeOf(state)).toBe(3);
  const { outcome, reason } = state.hosts.get('fs-01')?.phases['signing'] ?? {};
  expect([outcome, reason]).toEqual(['held', expect.stringContaining('smb-server-signing')]);
});

test('a plan of simulated hosts never reaches real ones, nor the other way round', async () => {
  const site = await Site.start();
  const runtime = site.runtime();
  const plan = await site.plan(runtime);
  const ofLab = { ...plan, inputs: { ...plan.inputs, lab: true as const } };

  const onHosts = await applyPlan(runtime, ofLab, {});
  const onLab = await applyPlan({ ...runtime, lab: true }, plan, {});

  expect(onHosts).toMatchObject({ ok: false, error: { code: 'plan.other-network' } });
  expect(onLab).toMatchObject({ ok: false, error: { code: 'plan.other-network' } });
  expect(site.effects()).toEqual([]);
});
