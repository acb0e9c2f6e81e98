import { ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Report } from '../model/report.ts';
import { buildReport } from '../report/build-report.ts';
import type { Runtime } from './runtime.ts';
import { findRun } from './stored-run.ts';

/** The report of a run as it stands, or ended. Failures `run.not-found`, `journal.*`. */
export function reportRun(runtime: Runtime, wanted: string | undefined): Result<Report> {
  const found = findRun(runtime, wanted);
  return found.ok ? ok(buildReport({ ...found.value, tool: runtime.tool })) : found;
}
