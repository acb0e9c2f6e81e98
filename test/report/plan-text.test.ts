import { expect, test } from 'vitest';
import type { Emphasis } from '../../src/report/emphasis.ts';
import { plain } from '../../src/report/emphasis.ts';
import { planText } from '../../src/report/plan-text.ts';
import { zoneOfWindow } from '../../src/report/window-zone.ts';
import { managed, plan, playbook, removal, signing, states, stock, unanswered } from '../plan/fixture.ts';

function samplePlan() {
  return plan({
    fleet: { groups: { clients: ['ws-001', 'ws-002'], servers: ['fs-01'], nas: ['nas-01'] } },
    playbook: playbook(
      [
        { ...removal, soak: '7d', gates: [{ manual: { ask: 'All clear?' } }] },
        { ...signing, needs: ['disable-smb1'] },
      ],
      { hosts: 'all:!nas', defaults: { approvals: 1, budget: { unreachable: 1 } } },
    ),
    observations: [
      stock('fs-01', {}, { 'smb-server-signing': managed(states.signingOff, 0) }),
      unanswered('ws-002'),
    ],
  });
}

test('a plan names its hosts, numbers, rules, risks, holds and who is left out', () => {
  const text = planText(samplePlan(), { paint: plain, verbose: false });

  expect(text).toMatch(/^Plan: SMB hardening {2}digest [0-9a-f]{12}\n {2}3 hosts: /);
  expect(text).toContain('Approvals needed: 1');
  expect(text).toContain('gate: a person answers “All clear?”');
  expect(text).toContain('then soak 7d');
  expect(text).toMatch(/Phase server-signing {2}needs disable-smb1; at most \d+ at a time/);
  expect(text).toMatch(/wave rest: 3 hosts, 2 reboots {2}Mon 2026-11-23 22:00 CET, about .*, window nights/);
  expect(text).toMatch(/fs-01 in server-signing: .*Default Domain Policy/);
  expect(text).toContain('nas-01');
  expect(text).toMatch(/! .*ws-002/);
});

test('only a verbose plan lists the changes of each host', () => {
  const change = 'disable-smb1 / smb1-feature: write feature Enabled → Disabled';

  expect(planText(samplePlan(), { paint: plain, verbose: true })).toContain(change);
  expect(planText(samplePlan(), { paint: plain, verbose: false })).not.toContain(change);
});

test('a plan without holds, risks or exclusions has no empty sections', () => {
  const quiet = plan({
    fleet: { groups: { clients: ['ws-001'] } },
    playbook: playbook([signing]),
    observations: [stock('ws-001', {}, { 'smb-server-signing': states.signingOn })],
  });

  const text = planText({ ...quiet, risks: [] }, { paint: plain, verbose: false });

  expect(text).not.toMatch(/Risks|Held|Not part/);
  expect(text).toContain('nothing due');
  expect(text).toContain('1 nothing to do');
});

test('paint sees what a reader must not miss', () => {
  const mark: Emphasis = (tone, text) => `<${tone}>${text}</${tone}>`;

  expect(planText(samplePlan(), { paint: mark, verbose: false })).toContain('<warn>!</warn>');
});

test('times are told in the zone of the window, else in the first zone there is, else in UTC', () => {
  const kolkata = { start: '22:00', duration: '1h', timezone: 'Asia/Kolkata', cutoff: 'auto' };
  const windows = { now: { always: true as const }, east: kolkata };

  expect(zoneOfWindow({ windows, freezes: [] }, 'east')).toBe('Asia/Kolkata');
  expect(zoneOfWindow({ windows, freezes: [] }, 'now')).toBe('Asia/Kolkata');
  expect(zoneOfWindow({ windows: {}, freezes: [] }, null)).toBe('UTC');
});
