import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Report } from '../../src/model/report.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { plain } from '../../src/report/emphasis.ts';
import { reportHtml } from '../../src/report/report-html.ts';
import { reportText } from '../../src/report/report-text.ts';
import { fold } from '../../src/run/fold.ts';
import { simulate } from '../../tools/simulation/history.ts';
import { makeScenario } from '../../tools/simulation/scenario.ts';
import { tool } from './journal.ts';

/** The report of any moment of any simulated run. */
const reports = fc
  .record({ seed: fc.integer({ min: 0, max: 9999 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ seed, share }) => {
    const history = simulate(makeScenario(`report-${seed}`), { crashes: 0.02 });
    const events = history.events.slice(0, Math.max(1, Math.ceil(history.events.length * share)));
    return { events, report: buildReport({ state: fold(events), events, tool }) };
  });

/** Whole runs are simulated for each case. */
const timeoutMs = 60_000;

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

test(
  'at any moment of any run, every host is counted once and every unfinished one says what to do',
  () => {
    fc.assert(
      fc.property(reports, ({ events, report }) => {
        expect(Report.parse(report)).toEqual(report);
        expect(sum(report.counts)).toBe(report.hosts.length);
        expect(new Set(report.hosts.map(({ host }) => host)).size).toBe(report.hosts.length);
        for (const phase of report.phases)
          expect(sum(phase.counts)).toBe(report.hosts.filter(({ phases }) => phase.name in phases).length);
        for (const { outcome, reason, next } of report.hosts) {
          const isFinished = outcome === 'ok' || outcome === 'changed';
          expect([reason === undefined, next === undefined]).toEqual([isFinished, isFinished]);
        }
        expect(report.head.seq).toBe(events.length);
      }),
      { numRuns: 25 },
    );
  },
  timeoutMs,
);

test(
  'at any moment of any run, each written step is told with what was there before',
  () => {
    fc.assert(
      fc.property(reports, ({ events, report }) => {
        for (const event of events) {
          if (event.type !== 'step.finished' || !event.data.changed) continue;
          const host = report.hosts.find(({ host }) => host === event.host);
          const step = host?.steps.find(
            ({ phase, control }) => phase === event.phase && control === event.data.control,
          );
          expect(step?.before).not.toBeNull();
          expect(step?.after).not.toBeNull();
        }
      }),
      { numRuns: 12 },
    );
  },
  timeoutMs,
);

test(
  'at any moment of any run, page and text name every host and the head of the journal',
  () => {
    fc.assert(
      fc.property(reports, ({ report }) => {
        const page = reportHtml(report);
        const text = reportText(report, { paint: plain, verbose: true });
        for (const { host } of report.hosts) {
          expect(page).toContain(`<h3>${host}</h3>`);
          expect(text).toContain(host);
        }
        const head = `${report.head.seq}:${report.head.hash}`;
        expect(page).toContain(head);
        expect(text.trimEnd().endsWith(head)).toBe(true);
      }),
      { numRuns: 8 },
    );
  },
  timeoutMs,
);
