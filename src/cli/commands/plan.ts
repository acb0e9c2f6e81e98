import { canonicalJson } from '../../core/json.ts';
import { planHosts } from '../../app/plan-hosts.ts';
import type { Plan } from '../../model/plan.ts';
import { planText } from '../../report/plan-text.ts';
import type { CommandSpec } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { fit } from '../fit.ts';
import { runtimeOf, valueOf } from '../outcome.ts';
import { printJson } from '../print.ts';
import { text } from '../program.ts';
import { progress } from '../views/progress.ts';
import type { Progress } from '../views/progress.ts';

export const plan: CommandSpec = {
  usage: 'plan [pattern]',
  summary: 'dry run: actions, reboots, waves, timetable, risks, what is unknown (reads only)',
  examples: [
    ['countersign plan -o tonight.plan.json', 'ask the hosts and save the plan'],
    ['countersign plan file_servers', 'only these hosts'],
    ['countersign plan --offline', 'from the last observations, touching nothing'],
    ['countersign plan --detailed-exitcode', 'exit 2 when changes are due'],
  ],
  options: (command) => {
    command
      .option('-o, --output <file>', 'save the plan for `apply`')
      .option('--offline', 'plan from the inventory and the last observations')
      .option('--allow-spill', 'let a wave go on in the next night instead of refusing it');
  },
  async run(call) {
    const runtime = runtimeOf(call);
    let shown: Progress | undefined;
    const made = await planHosts(
      runtime,
      call.selection,
      {
        offline: call.options['offline'] === true,
        allowSpill: call.options['allowSpill'] === true,
        onStart: (hosts) => {
          shown = progress(call.io, 'Asking hosts', hosts);
        },
        onHost: ({ host }) => shown?.step(host),
      },
      call.interrupt,
    );
    shown?.done();
    const result = valueOf(made);
    const output = text(call.options['output']);
    if (output !== undefined) {
      valueOf(
        runtime.files.write(runtime.files.resolve(runtime.cwd, output), `${canonicalJson(result, 2)}\n`),
      );
    }
    if (call.globals.json) printJson(call.io, result);
    else call.io.out(fit(planText(result, { paint: call.paint, verbose: call.globals.verbose }), call.io));
    if (output !== undefined && !call.globals.json) {
      call.io.out(`Saved. Carry it out with: countersign apply ${output}\n`);
    }
    return call.globals.detailedExitcode && changesDue(result) ? exitCodes.changesDue : exitCodes.done;
  },
};

function changesDue({ hosts }: Plan): boolean {
  return hosts.some(({ steps }) => steps.some(({ action }) => action !== 'none'));
}
