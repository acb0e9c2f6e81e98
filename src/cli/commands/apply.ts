import { applyPlan, readSavedPlan } from '../../app/run-plan.ts';
import { carryOut } from '../carry-out.ts';
import type { CommandSpec } from '../command.ts';
import { runtimeOf, valueOf } from '../outcome.ts';

export const apply: CommandSpec = {
  usage: 'apply <file>',
  summary: 'carry out a saved plan; waits for its windows (writes to hosts)',
  examples: [
    ['countersign apply tonight.plan.json', 'wait for the windows and finish'],
    ['countersign apply tonight.plan.json --once', 'what may be done now, then exit 3'],
    ['countersign apply tonight.plan.json --events ndjson', 'run events on stdout'],
  ],
  options: (command) => {
    command.option('--once', 'do what may be done now, then exit 3 with the next time');
  },
  run(call) {
    const runtime = runtimeOf(call);
    const plan = valueOf(readSavedPlan(runtime, call.args[0] ?? ''));
    return carryOut(call, { runtime, plan }, (options) => applyPlan(runtime, plan, options));
  },
};
