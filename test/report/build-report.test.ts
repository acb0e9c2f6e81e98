import { expect, test } from 'vitest';
import { Report } from '../../src/model/report.ts';
import type { EventDraft } from '../../src/model/event.ts';
import {
  bootAfter,
  bootBefore,
  entered,
  finished,
  foundStep,
  journalOf,
  probe,
  probed,
  reboot,
  recorded,
  removalPlan,
  reportOf,
  settled,
  wholeWay,
  write,
  written,
} from './journal.ts';

const said = { by: 'kim', reason: 'I looked at it' };
const hostOf = (report: Report, name: string) => report.hosts.find(({ host }) => host === name)!;

test('a changed host shows what was found, what is there now, and the reboot in its window', () => {
  const events = journalOf(removalPlan(), [['2026-11-23T21:00:00Z', ...entered], ...wholeWay('ws-001')]);

  const host = hostOf(reportOf(events), 'ws-001');

  expect(host).toMatchObject({ outcome: 'changed', phases: { 'disable-smb1': 'changed' } });
  expect(host.steps).toEqual([
    {
      ...{ phase: 'disable-smb1', control: 'smb1-feature', action: 'write', reboots: 1, verified: true },
      ...{ before: { feature: 'Enabled' }, wanted: { feature: 'Disabled' }, after: { feature: 'Disabled' } },
      reason: 'SMB1Protocol is Disabled',
    },
  ]);
  expect(host.reboots).toEqual([
    {
      ...{ phase: 'disable-smb1', nonce: 'c0ffee00c0ffee00', by: 'countersign', bootBefore, bootAfter },
      ...{ requestedAt: '2026-11-23T21:01:00Z', backAt: '2026-11-23T21:04:30Z' },
      window: { name: 'nights', start: '2026-11-23T21:00:00Z', end: '2026-11-24T03:00:00Z' },
    },
  ]);
  expect(host).not.toHaveProperty('reason');
});

test('the timeline tells survey, write, reboot, settling and second survey, one after the other', () => {
  const events = journalOf(removalPlan(), [['2026-11-23T21:00:00Z', ...entered], ...wholeWay('ws-001')]);

  const { timeline } = reportOf(events);

  expect(
    timeline.map(({ kind, start, end }) => `${kind} ${start.slice(14, 19)} ${end?.slice(14, 19)}`),
  ).toEqual([
    'probe 00:00 00:05',
    'write 00:05 00:30',
    'reboot 01:00 04:30',
    'settle 04:30 06:40',
    'verify 06:40 06:50',
  ]);
});

test('what is in flight has no end yet', () => {
  const events = journalOf(removalPlan(), [['2026-11-23T21:00:00Z', ...entered, recorded(probe('ws-001'))]]);

  const { timeline } = reportOf(events);

  expect(timeline).toEqual([expect.objectContaining({ kind: 'probe', end: null, outcome: 'in flight' })]);
});

test('a change made before a person released the host stays on record', () => {
  const released: EventDraft = { type: 'host.released', host: 'ws-001', data: said };
  const lost = {
    ...{ kind: 'reboot-host' as const, result: 'unknown' as const, reason: 'no answer', bootBefore },
    requestedAt: '2026-11-23T21:01:00Z',
  };
  const events = journalOf(removalPlan(), [
    ['2026-11-23T21:00:00Z', ...entered, recorded(probe('ws-001'))],
    ['2026-11-23T21:00:10Z', settled(probe('ws-001'), probed(foundStep('Enabled', 'drifted')))],
    ['2026-11-23T21:00:10Z', recorded(write('ws-001')), settled(write('ws-001'), written)],
    ['2026-11-23T21:00:20Z', recorded(reboot('ws-001')), settled(reboot('ws-001'), lost)],
    ['2026-11-23T21:30:00Z', finished('ws-001', 'unknown', 'quarantined'), released],
    ['2026-11-23T21:40:00Z', recorded(probe('ws-001', 2))],
    ['2026-11-23T21:40:10Z', settled(probe('ws-001', 2), probed(foundStep('Disabled', 'compliant')))],
  ]);

  const [step] = hostOf(reportOf(events), 'ws-001').steps;

  expect(step).toMatchObject({ before: { feature: 'Enabled' }, after: { feature: 'Disabled' }, reboots: 1 });
});

test('a host that nobody reached is not started and shows what was planned for it', () => {
  const report = reportOf(journalOf(removalPlan(), []));

  expect(hostOf(report, 'ws-002')).toMatchObject({
    outcome: 'not-started',
    steps: [{ action: 'write', after: null, verified: false, reboots: 0 }],
    reason: expect.stringContaining('has not begun') as string,
  });
});

test('hosts behind an open gate name the question and the command that answers it', () => {
  const ask = 'Are all vendors confirmed?';
  const events = journalOf(removalPlan({ gates: [{ manual: { ask } }] }), [
    ['2026-11-23T20:01:00Z', ...entered],
    ['2026-11-23T20:01:00Z', { type: 'gate.waiting', phase: 'disable-smb1', data: { gate: 0, ask } }],
  ]);

  const report = reportOf(events);

  expect(report.phases[0]).toMatchObject({ state: 'gate' });
  expect(hostOf(report, 'ws-001')).toMatchObject({
    next: `Answer the gate: “${ask}”`,
    commands: ['countersign promote r1 --reason TEXT'],
  });
});

const ended: EventDraft = { type: 'run.ended', data: { state: 'finished', counts: {}, exitCode: 3 } };

test.each([
  ['held', 'blocked', 'countersign plan ws-001'],
  ['held', 'pending-reboot', 'countersign plan ws-001'],
  ['held', 'differs', 'countersign explain ws-001'],
  ['held', 'person', 'countersign release ws-001 r1 --reason TEXT'],
  ['held', 'something-new', 'countersign release ws-001 r1 --reason TEXT'],
  ['failed', 'not-as-wanted', 'countersign release ws-001 r1 --reason TEXT'],
  ['failed', 'failed', 'countersign release ws-001 r1 --reason TEXT'],
  ['unreachable', 'unreachable', 'countersign ping ws-001'],
  ['unknown', 'quarantined', 'countersign release ws-001 r1 --reason TEXT'],
  ['not-started', 'needs', 'countersign plan ws-001'],
] as const)('a host that ended %s (%s) is told to go on with: %s', (outcome, code, command) => {
  const events = journalOf(removalPlan(), [
    ['2026-11-23T21:00:00Z', ...entered, finished('ws-001', outcome, code), ended],
  ]);

  const host = hostOf(reportOf(events), 'ws-001');

  expect(host).toMatchObject({ outcome, code, reason: `disable-smb1: because ${code}` });
  expect(host.commands?.[0]).toBe(command);
  expect(host.next).toMatch(/\.$/);
});

test("a failure's own hint is what to do next, with the host in its place", () => {
  const hint = 'Log them off from HOST, then: countersign release HOST --reason TEXT';
  const failure = { code: 'reboot.users-logged-on', message: 'm', blame: 'remote', retry: 'never', hint };
  const outcome = { kind: 'probe-host' as const, result: 'failed' as const, reason: 'refused', failure };
  const events = journalOf(removalPlan(), [
    ['2026-11-23T21:00:00Z', ...entered, recorded(probe('ws-001')), settled(probe('ws-001'), outcome)],
    ['2026-11-23T21:00:10Z', finished('ws-001', 'held', 'reboot.users-logged-on')],
  ]);

  expect(hostOf(reportOf(events), 'ws-001').next).toBe('Log them off from ws-001, then: release the host');
});

test.each<[Report['state'], EventDraft[], string[] | undefined]>([
  ['running', [], undefined],
  ['paused', [{ type: 'run.paused', data: said }], ['countersign resume r1 --reason TEXT']],
  ['aborted', [{ type: 'run.aborted', data: said }], ['countersign plan ws-001']],
  ['interrupted', [{ type: 'run.interrupted', data: { signal: 'SIGINT' } }], ['countersign resume r1']],
  [
    'waiting',
    [{ type: 'run.waiting', data: { until: '2026-11-23T21:00:00Z', reasons: ['window'] } }],
    undefined,
  ],
  [
    'interrupted',
    [{ type: 'controller.stopped', data: { reason: 'once', next: null } }],
    ['countersign resume r1'],
  ],
  [
    'stopped',
    [{ type: 'budget.tripped', data: { scope: 'run', outcome: 'failed', tolerated: 0, hosts: ['ws-002'] } }],
    ['countersign resume r1 --reason TEXT'],
  ],
])('an unfinished host of a run that is %s knows what its run needs', (state, drafts, commands) => {
  const report = reportOf(journalOf(removalPlan(), [['2026-11-23T20:10:00Z', ...entered, ...drafts]]));

  expect(report.state).toBe(state);
  expect(hostOf(report, 'ws-001').commands).toEqual(commands);
});

test('a host that a person holds says who holds it, although its phase is still to come', () => {
  const held: EventDraft = { type: 'host.held', host: 'ws-001', data: { by: 'kim', reason: 'backup runs' } };
  const report = reportOf(journalOf(removalPlan(), [['2026-11-23T20:10:00Z', ...entered, held]]));

  expect(hostOf(report, 'ws-001')).toMatchObject({
    reason: 'disable-smb1: held by kim: backup runs',
    commands: ['countersign release ws-001 r1 --reason TEXT'],
  });
  expect(report.notes.at(-1)).toMatchObject({ by: 'kim', text: 'ws-001 held by kim: backup runs' });
});

test('a report is a valid report@1 and names the last record of the journal', () => {
  const events = journalOf(removalPlan(), [['2026-11-23T21:00:00Z', ...entered], ...wholeWay('ws-001')]);

  const report = reportOf(events);

  expect(Report.parse(report)).toEqual(report);
  expect(report.head).toEqual({ seq: events.length, hash: events.at(-1)?.hash });
  expect(report).toMatchObject({ zone: 'Europe/Berlin', ended: null, asOf: '2026-11-23T21:06:50Z' });
});
