import { listRuns } from '../../app/stored-run.ts';
import { formatLocal } from '../../calendar/local-time.ts';
import { formatInstant } from '../../core/time.ts';
import { counts } from '../../report/describe-event.ts';
import { zoneOfWindow } from '../../report/window-zone.ts';
import { exitCodeOf, runCounts } from '../../run/outcomes.ts';
import type { RunState } from '../../run/state.ts';
import type { CommandSpec } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { runtimeOf, valueOf } from '../outcome.ts';
import { printJson } from '../print.ts';
import { table } from '../table.ts';

export const runs: CommandSpec = {
  usage: 'runs',
  summary: 'runs of this state directory and how they stand',
  examples: [['countersign runs', 'oldest first']],
  run(call) {
    const listed = valueOf(listRuns(runtimeOf(call)));
    const broken = listed.some(({ stored }) => !stored.ok);
    if (call.globals.json) {
      const rows = listed.map(({ run, stored }) =>
        stored.ok ? document(stored.value.state) : { run, failure: stored.error.toJSON() },
      );
      printJson(call.io, { schema: 'countersign/runs@1', runs: rows });
    } else if (listed.length === 0) {
      call.io.out('No run yet. Make a plan and apply it: countersign plan -o plan.json\n');
    } else {
      const rows = listed.map(({ run, stored }) =>
        stored.ok ? row(stored.value.state) : [run, '', call.paint('bad', 'broken'), stored.error.message],
      );
      call.io.out(
        `${table([['run', 'started', 'state', 'hosts'], ...rows], (line) => call.paint('bold', line))}\n`,
      );
    }
    return broken ? exitCodes.failed : exitCodes.done;
  },
};

function standing(state: RunState): string {
  if (state.ended) return state.ended.state;
  if (state.stance !== 'running') return state.stance;
  return state.controlled ? 'running' : 'waiting for resume';
}

function row(state: RunState): readonly string[] {
  const started = formatLocal(state.startedAt, zoneOfWindow(state.plan.calendar, null));
  return [state.run, started, standing(state), counts(runCounts(state))];
}

function document(state: RunState): unknown {
  return {
    run: state.run,
    name: state.plan.name,
    plan: state.plan.digest,
    started: formatInstant(state.startedAt),
    ended: state.ended === undefined ? null : formatInstant(state.ended.at),
    state: standing(state),
    exitCode: exitCodeOf(state),
    counts: runCounts(state),
    head: state.head,
  };
}
