import type { RunOptions } from '../app/run-plan.ts';
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
import { viewFor } from './views/view-for.ts';
import { runSummary } from './views/run-summary.ts';

/** Runs a plan under a view of it, and sums it up: the common part of `apply` and `resume`. */
export async function carryOut(
  call: Call,
  plan: Plan,
  run: (options: RunOptions) => Promise<Result<RunState>>,
): Promise<ExitCode> {
  const view = viewFor(call, plan);
  const finished = await run({
    once: call.options['once'] === true,
    interrupt: call.interrupt,
    onEvent: (event, state) => {
      view.onEvent(event, state);
    },
  });
  await view.close();
  const state = valueOf(finished);
  if (call.globals.json) printJson(call.io, runSummaryDocument(state));
  else if (!call.globals.events) call.io.out(fit(runSummary(state, call.paint), call.io));
  return asExitCode(exitCodeOf(state));
}

function runSummaryDocument(state: RunState): unknown {
  const { run, plan, head, ended, waiting } = state;
  return {
    schema: 'countersign/run@1',
    run,
    plan: plan.digest,
    state: ended?.state ?? state.stance,
    exitCode: exitCodeOf(state),
    next: waiting?.until ?? null,
    head,
  };
}
