import { expect, test } from 'vitest';
import { applyPlan } from '../../src/app/run-plan.ts';
import { jumpingClock } from '../../src/compose/jumping-clock.ts';
import { unwrap } from '../../src/core/result.ts';
import { milliseconds } from '../../src/core/time.ts';
import { systemClock } from '../../src/node/clock.ts';
import { systemTimers } from '../../src/node/timers.ts';
import { exitCodeOf, runCounts } from '../../src/run/outcomes.ts';
import { quickPlaybook, Site } from '../support/app-site.ts';

/** Retries of a host that cannot be reached come half a minute later. */
const clock = () => jumpingClock(systemClock, systemTimers, milliseconds(1));
const tolerant = `${quickPlaybook}defaults:\n  budget: { failed: 0, unreachable: 1, unknown: 0 }\n`;
const hosts = [
  { name: 'good-01', build: 'server-2019', smb1: 'on' },
  { name: 'lost-01', build: 'server-2019', smb1: 'on', faults: [{ kind: 'unreachable' }] },
] as const;

test('a host that is not there is unreachable within the budget: the other one is done, exit 4', async () => {
  const site = await Site.start({ hosts, playbook: tolerant });
  const runtime = site.runtime({ clock: clock() });

  const state = unwrap(await applyPlan(runtime, await site.plan(runtime), {}));

  expect(exitCodeOf(state)).toBe(4);
  expect(runCounts(state)).toMatchObject({ changed: 1, unreachable: 1 });
});

test('one more unreachable host than tolerated stops the run: exit 5', async () => {
  const site = await Site.start({ hosts });
  const runtime = site.runtime({ clock: clock() });

  const state = unwrap(await applyPlan(runtime, await site.plan(runtime), {}));

  expect(exitCodeOf(state)).toBe(5);
  expect(state.stance).toBe('stopped');
});

test('a host that does not come back from its reboot is unreachable, and its partner stays up', async () => {
  const pair = [
    { name: 'dc-01', build: 'server-2019', smb1: 'on', groups: ['dcs'], faults: [{ kind: 'stays-down' }] },
    { name: 'dc-02', build: 'server-2019', smb1: 'on', groups: ['dcs'] },
  ] as const;
  const sets = 'sets:\n  - { name: dcs, hosts: dcs, min_available: 1 }\n';
  const playbook = tolerant.replace('timeout: 1m', 'timeout: 2s');
  const site = await Site.start({ hosts: pair, playbook, sets });
  const runtime = site.runtime({ clock: clock() });

  const state = unwrap(await applyPlan(runtime, await site.plan(runtime), {}));

  const phases = [...state.hosts.values()].map(({ host, phases: own }) => [
    host,
    own['disable-smb1']?.outcome,
  ]);
  expect(Object.fromEntries(phases)).toEqual({ 'dc-01': 'unreachable', 'dc-02': 'held' });
  expect(site.effects().filter(({ event }) => event === 'shutdown')).toMatchObject([{ host: 'dc-01' }]);
});
