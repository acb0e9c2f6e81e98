import { expect, test } from 'vitest';
import type { EventDraft } from '../../src/model/event.ts';
import type { Report } from '../../src/model/report.ts';
import { plain } from '../../src/report/emphasis.ts';
import { planHtml } from '../../src/report/plan-html.ts';
import { reportHtml } from '../../src/report/report-html.ts';
import { reportText } from '../../src/report/report-text.ts';
import { bootBefore, entered, finished, journalOf, probe, recorded } from './journal.ts';
import { removalPlan, reportOf, settled, wholeWay } from './journal.ts';

const phase = 'disable-smb1';
const full = reportOf(
  journalOf(removalPlan(), [['2026-11-23T21:00:00Z', ...entered], ...wholeWay('ws-001')]),
);
const [changed] = full.hosts;
const text = (report: Report) => reportText(report, { paint: plain, verbose: true });

function withHost(change: Partial<Report['hosts'][number]>): Report {
  return { ...full, hosts: [{ ...changed!, ...change }] };
}

test.each<[string, EventDraft[], RegExp]>([
  [
    'waits for a time',
    [{ type: 'run.waiting', data: { until: '2026-11-24T21:00:00Z', reasons: ['window nights opens'] } }],
    /until Tue 2026-11-24 22:00 CET: window nights opens/,
  ],
  ['waits for a person', [{ type: 'run.waiting', data: { until: null, reasons: [] } }], /a person/],
  ['was given up', [{ type: 'run.aborted', data: { by: 'kim', reason: 'CHG-1' } }], /aborted|given up/],
])('a run that %s says so in page and text', (_, drafts, words) => {
  const report = reportOf(journalOf(removalPlan(), [['2026-11-23T21:00:00Z', ...entered, ...drafts]]));

  expect(reportHtml(report)).toMatch(words);
  expect(text(report)).toMatch(words);
});

test('an ended run names its end in local time', () => {
  const ended: EventDraft = { type: 'run.ended', data: { state: 'finished', counts: {}, exitCode: 0 } };
  const report = reportOf(journalOf(removalPlan(), [['2026-11-24T01:00:00Z', ended]]));

  expect(reportHtml(report)).toMatch(/Ended<\/dt>\s*<dd>Tue 2026-11-24 02:00 CET/);
  expect(text(report)).toContain('ended Tue 2026-11-24 02:00 CET');
});

test('a phase that soaks, and one that ended, are told as such', () => {
  const soak: EventDraft = {
    type: 'soak.started',
    phase,
    data: { wave: null, until: '2026-11-30T21:00:00Z' },
  };
  const soaking = journalOf(removalPlan({ soak: '7d' }), [['2026-11-23T21:00:00Z', ...entered, soak]]);
  const end: EventDraft = { type: 'phase.ended', phase, data: { counts: {} } };
  const ended = journalOf(removalPlan(), [['2026-11-23T21:00:00Z', ...entered, end]]);

  expect(reportOf(soaking).phases[0]!.state).toBe('soaking');
  expect(text(reportOf(ended))).toContain('disable-smb1: ended from Mon 2026-11-23 22:00 CET to');
});

test('a reboot by somebody else, and one that nobody saw come back, are told as such', () => {
  const [reboot] = changed!.reboots;
  const foreign = { ...reboot!, by: 'elsewhere' as const, backAt: null, bootAfter: null, window: null };
  const report = withHost({
    reboots: [foreign, { ...reboot!, bootBefore: { ...bootBefore, bootId: null } }],
  });

  expect(reportHtml(report)).toMatch(/by somebody else[\s\S]*not seen[\s\S]*unknown/);
  expect(text(report)).toContain('not seen back (by somebody else)');
});

test.each([
  ['verified', { verified: true, reboots: 2 }, 'changed', 'verified, 2 reboots'],
  ['read, but not as wanted', { verified: false }, 'failed', 'not verified, 1 reboot'],
  [
    'found as wanted',
    { verified: false, reboots: 0, after: null, wanted: {}, action: 'none' },
    'ok',
    'nothing to do',
  ],
  ['blocked', { verified: false, reboots: 0, after: null, wanted: {}, action: 'none' }, 'held', 'not done'],
  [
    'never read',
    { verified: false, reboots: 0, after: null, before: null, wanted: {} },
    'held',
    'never read',
  ],
  ['never read, but planned', { verified: false, reboots: 0, after: null, before: null }, 'held', 'not read'],
] as const)('a step that was %s is told in words', (_, change, outcome, words) => {
  const step = { ...changed!.steps[0]!, ...change };
  const report = withHost({ steps: [step], phases: { [phase]: outcome }, role: 'unknown' });

  expect(reportHtml(report)).toContain(words);
  expect(text(report)).toContain(words);
});

test('a host without any step, and one with an overlong name, keep the page in order', () => {
  const host = `${'very-'.repeat(20)}long`;
  const timeline = full.timeline.map((entry) => ({ ...entry, host, outcome: 'failed' }));
  const page = reportHtml({ ...withHost({ host, steps: [], reboots: [] }), timeline });

  expect(page).toContain('No phase asks anything of this host.');
  expect(page).toContain('very-very-very-very-very-ve…');
  expect(page.match(/class="trouble"/g)).toHaveLength(1);
});

test('trouble at the very end of a night is written before its bar', () => {
  const unreachable = { kind: 'probe-host' as const, result: 'unreachable' as const, reason: 'no answer' };
  const late = probe('ws-002');
  const report = reportOf(
    journalOf(removalPlan(), [
      ['2026-11-23T21:00:00Z', ...entered, recorded(probe('ws-001'))],
      ['2026-11-23T21:50:00Z', recorded(late)],
      ['2026-11-23T21:51:00Z', settled(late, unreachable), finished('ws-002', 'unreachable', 'unreachable')],
    ]),
  );

  expect(reportHtml(report)).toMatch(/class="trouble"[^>]*text-anchor="end"[^>]*>\s*unreachable/);
});

test('the page of a plan tells of limits, approvals, risks, and hosts that nobody observed', () => {
  const plan = removalPlan({ waves: [{ hosts: 1, soak: '24h' }, 'rest'], needs: [] });
  const [first, second] = plan.hosts;
  const { facts: _, ...unobserved } = second!;
  const unknown = { ...second!.steps[0]!, action: 'unknown' as const, to: {}, reboot: false };
  const page = planHtml({
    ...plan,
    offline: true,
    inputs: {
      ...plan.inputs,
      limit: 'clients',
      inventory: [...plan.inputs.inventory, { path: 'more.yml', sha256: '' }],
    },
    approvals: { required: 2, given: [{ as: 'ann', at: '2026-11-23T12:00:00Z' }] },
    risks: [
      { code: 'managed', message: 'a GPO manages it', host: 'ws-001' },
      { code: 'extent', message: 'many' },
    ],
    excluded: [{ host: 'nas-01', phase, reason: 'no Windows' }],
    hosts: [first!, { ...unobserved, role: null, steps: [unknown] }],
  });

  for (const words of [
    'stored observations',
    'clients',
    '1 of 2 given (ann)',
    'a GPO manages it',
    'whole plan',
  ])
    expect(page).toContain(words);
  for (const words of ['not observed · role unknown', 'not known yet', 'nas-01', 'soak 24h', 'more.yml'])
    expect(page).toContain(words);
});

test('the page of a plan with nothing to do has no timetable', () => {
  const plan = removalPlan();
  const page = planHtml({
    ...plan,
    timetable: [],
    risks: [],
    hosts: plan.hosts.map((it) => ({ ...it, steps: [] })),
  });

  expect(page).not.toContain('Timetable');
  expect(page).toContain('None that the survey could see.');
  expect(page).toContain('nothing due');
});

test('work outside any window is drawn as such', () => {
  const plan = removalPlan();
  const timetable = plan.timetable.map((slot) => ({ ...slot, window: null, host: 'elsewhere' }));

  expect(planHtml({ ...plan, timetable })).toContain('no window');
});
