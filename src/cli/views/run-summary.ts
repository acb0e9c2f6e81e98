import type { Report } from '../../model/report.ts';
import { reportText } from '../../report/report-text.ts';
import type { Paint } from '../io.ts';

/** The end of `apply`, `resume` and `watch`: the report in the terminal, and what to type next. */
export function runSummary(report: Report, o: { readonly paint: Paint; readonly verbose: boolean }): string {
  const page = `countersign report ${report.run} --format html -o report.html`;
  const steps = report.ended === null ? [`countersign resume ${report.run}`, page] : [page];
  return `${reportText(report, o)}\n${steps.map((step) => `${o.paint('info', 'next:')} ${step}\n`).join('')}`;
}
