import { watchRun } from '../../app/watch-run.ts';
import { findRun } from '../../app/stored-run.ts';
import { exitCodeOf } from '../../run/outcomes.ts';
import { printReport } from '../carry-out.ts';
import type { CommandSpec } from '../command.ts';
import { asExitCode, exitCodes } from '../exit-code.ts';
import { runtimeOf, valueOf } from '../outcome.ts';
import { viewFor } from '../views/view-for.ts';

export const watch: CommandSpec = {
  usage: 'watch [run]',
  summary: 'follow a run live, from any terminal; Ctrl-C stops watching only',
  examples: [
    ['countersign watch', 'the latest run'],
    ['countersign watch --events ndjson', 'its events, as they are recorded'],
  ],
  async run(call) {
    const runtime = runtimeOf(call);
    const { state } = valueOf(findRun(runtime, call.args[0]));
    const view = viewFor(call, state.plan);
    const watched = await watchRun(
      runtime,
      state.run,
      (event, now) => {
        view.onEvent(event, now);
      },
      call.interrupt,
    );
    await view.close();
    const last = valueOf(watched);
    if (!call.globals.events) printReport(call, runtime, last.run);
    return call.interrupt.aborted ? exitCodes.interrupted : asExitCode(exitCodeOf(last));
  },
};
