import { reportRun } from '../app/report-run.ts';
import type { RunOptions } from '../app/run-plan.ts';
import type { Runtime } from '../app/runtime.ts';
import type { Result } from '../core/result.ts';
import type { Plan } from '../model/plan.ts';
import { exitCodeOf } from '../run/outcomes.ts';
import type { RunState } from '../run/state.ts';
import type { Call } from './command.ts';
import { asExitCode } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import { fit } from './fit.ts';
import { valueOf } from './outcome.ts';
import { printJson } from './print.ts';
import { runSummary } from './views/run-summary.ts';
import { viewFor } from './views/view-for.ts';

/** Runs a plan under a view of it, and reports how it stands: the common part of `apply` and `resume`. */
export async function carryOut(
  call: Call,
  { runtime, plan }: { readonly runtime: Runtime; readonly plan: Plan },
  run: (options: RunOptions) => Promise<Result<RunState>>,
): Promise<ExitCode> {
  const view = viewFor(call, plan);
  const finished = await run({
    once: call.options['once'] === true,
    interrupt: call.interrupt,
    extra: call.selection.extra,
    onEvent: (event, state) => {
      view.onEvent(event, state);
    },
  });
  await view.close();
  const state = valueOf(finished);
  if (!call.globals.events) printReport(call, runtime, state.run);
  return asExitCode(exitCodeOf(state));
}

/** How a run stands: a document for programs, else for reading. */
export function printReport({ io, globals, paint }: Call, runtime: Runtime, run: string): void {
  const report = valueOf(reportRun(runtime, run));
  if (globals.json) printJson(io, report);
  else io.out(fit(runSummary(report, { paint, verbose: globals.verbose }), io));
}
