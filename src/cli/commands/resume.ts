import { resumeRun } from '../../app/run-plan.ts';
import { steerRun } from '../../app/steer-run.ts';
import { findRun } from '../../app/stored-run.ts';
import { carryOut } from '../carry-out.ts';
import type { CommandSpec } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { runtimeOf, valueOf } from '../outcome.ts';
import { text } from '../program.ts';

export const resume: CommandSpec = {
  usage: 'resume [run]',
  summary: 'go on after a crash, a stop, a night or a pause (writes to hosts)',
  examples: [
    ['countersign resume', 'the latest run'],
    ['countersign resume 20261124-2200-3f9a --once', 'what may be done now'],
  ],
  options: (command) => {
    command
      .option('--once', 'do what may be done now, then exit 3 with the next time')
      .option('--reason <text>', 'why a paused or stopped run may go on');
  },
  run(call) {
    const runtime = runtimeOf(call);
    const { state } = valueOf(findRun(runtime, call.args[0]));
    if (state.stance === 'paused' || state.stance === 'stopped') {
      const reason = text(call.options['reason']) ?? 'resumed from the command line';
      valueOf(steerRun(runtime, state.run, { command: 'continue', reason }));
    }
    // A living controller takes the command from the inbox; otherwise this process becomes the controller.
    const lock = runtime.state.lock();
    if (state.controlled && state.stance === 'paused' && !lock.acquire().ok) {
      call.io.out(`Run ${state.run}: its controller was told to go on; follow it with: countersign watch\n`);
      return exitCodes.done;
    }
    lock.release();
    return carryOut(call, { runtime, plan: state.plan }, (options) => resumeRun(runtime, state.run, options));
  },
};
