import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import type { Report } from '../../src/model/report.ts';
import { plain } from '../../src/report/emphasis.ts';
import { html, render } from '../../src/report/html.ts';
import { planHtml } from '../../src/report/plan-html.ts';
import { reportHtml } from '../../src/report/report-html.ts';
import { reportText } from '../../src/report/report-text.ts';
import { entered, finished, journalOf, removalPlan, reportOf, wholeWay } from './journal.ts';

const hostile = `"><script>alert(1)</script><img src=x onerror='x'>&amp;`;

/** The same document with every text in it made hostile, but for those that our own code chose. */
function poison<T>(document: T, kept: ReadonlySet<string>): T {
  const visit = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return kept.has(key) || isInstant(value) ? value : `${value}${hostile}`;
    if (Array.isArray(value)) return value.map((item) => visit(item, key));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, visit(item, name)]));
  };
  return visit(document, '') as T;
}

const isInstant = (text: string): boolean => /^\d{4}-\d{2}-\d{2}T/.test(text);
/** Enumerations and IANA names, which schemas check. */
const chosen = new Set([
  'outcome',
  'state',
  'kind',
  'action',
  'by',
  'schema',
  'zone',
  'timezone',
  'start',
  'days',
]);

function sampleReport(): Report {
  return reportOf(
    journalOf(removalPlan(), [
      ['2026-11-23T21:00:00Z', ...entered],
      ...wholeWay('ws-001'),
      ['2026-11-23T21:08:00Z', finished('ws-002', 'unreachable', 'unreachable')],
    ]),
  );
}

/** Without what changes whenever a plan gets another field. */
function reviewed(): Report {
  return { ...sampleReport(), plan: 'd'.repeat(64), head: { seq: 13, hash: 'e'.repeat(64) } };
}

function samplePlan(): Plan {
  const plan = removalPlan({ gates: [{ manual: { ask: 'All clear?' } }], soak: '7d' });
  const [first, ...others] = plan.hosts;
  const holds = [{ phase: 'disable-smb1', code: 'blocked', reason: 'a GPO sets it back' }];
  return {
    ...plan,
    hosts: [{ ...first!, holds }, ...others],
    excluded: [{ host: 'nas-01', reason: 'no Windows' }],
  };
}

function expectSelfContained(page: string): void {
  expect(page).not.toMatch(/https?:|\bsrc=(?!x)|<link|<script|@import|url\(|javascript:/);
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain(`default-src 'none'`);
}

test('a report is one page that needs nothing from elsewhere', () => {
  expectSelfContained(reportHtml(sampleReport()));
});

test('a plan is one page that needs nothing from elsewhere', () => {
  expectSelfContained(planHtml(samplePlan()));
});

test('no text of a report gets into its page as markup', () => {
  const page = reportHtml(poison(sampleReport(), chosen));

  expect(page).toContain('&quot;&gt;&lt;script&gt;');
  expect(page).not.toMatch(/<script|<img|onerror='/);
});

test('no text of a plan gets into its page as markup', () => {
  const page = planHtml(poison(samplePlan(), chosen));

  expect(page).toContain('&quot;&gt;&lt;script&gt;');
  expect(page).not.toMatch(/<script|<img|onerror='/);
});

test('whatever a value holds, markup around it stays what it was', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', ';', '\0', 'a', '😀') }),
      (text) => {
        const element = render(html`<b title="${text}">${[text, undefined]}</b>`);

        const inside = element.slice('<b title="'.length, -'</b>'.length);
        expect(inside.split('">')).toHaveLength(2);
        expect(inside.replace('">', '')).not.toMatch(/[<>"'\0]/);
      },
    ),
  );
});

test('the page of a report has one title, headings in order, and a caption on every table', () => {
  const page = reportHtml(sampleReport());

  const levels = [...page.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
  expect(levels[0]).toBe(1);
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  expect(levels.every((level, index) => level <= (levels[index - 1] ?? 0) + 1)).toBe(true);
  expect(page.match(/<table/g)).toHaveLength(page.match(/<caption/g)!.length);
  expect(page.match(/<svg[^>]*role="img"/g)!.length).toBe(page.match(/<figure/g)!.length);
});

test('a page looks as reviewed', async () => {
  await expect(reportHtml(reviewed())).toMatchFileSnapshot('snapshots/report.html');
  await expect(planHtml({ ...samplePlan(), digest: 'd'.repeat(64) })).toMatchFileSnapshot(
    'snapshots/plan.html',
  );
});

test('a report in the terminal reads as reviewed', async () => {
  await expect(reportText(reviewed(), { paint: plain, verbose: true })).toMatchFileSnapshot(
    'snapshots/report.txt',
  );
});

test('a run in which every host is as wanted asks for nothing', () => {
  const report = reportOf(
    journalOf(removalPlan(), [['2026-11-23T21:00:00Z', ...entered], ...wholeWay('ws-001')]),
  );
  const done = { ...report, hosts: report.hosts.filter(({ host }) => host === 'ws-001') };

  expect(reportHtml(done)).toContain('Nothing: every host is as wanted.');
  expect(reportText(done, { paint: plain, verbose: false })).not.toContain('Not finished');
});

test('hosts with one story are told once, with HOST in the place of their names', () => {
  const text = reportText(reportOf(journalOf(removalPlan(), [])), { paint: plain, verbose: false });

  expect(text).toContain('not-started  ws-001, ws-002\n');
  expect(text.match(/next:/g)).toHaveLength(1);
});
