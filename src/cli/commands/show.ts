import { readSavedPlan } from '../../app/run-plan.ts';
import { planHtml } from '../../report/plan-html.ts';
import { planText } from '../../report/plan-text.ts';
import type { CommandSpec } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { fit } from '../fit.ts';
import { runtimeOf, valueOf } from '../outcome.ts';
import { printJson } from '../print.ts';
import { text } from '../program.ts';

export const show: CommandSpec = {
  usage: 'show <file>',
  summary: 'a saved plan, for reading',
  examples: [
    ['countersign show tonight.plan.json', 'in the terminal'],
    ['countersign show tonight.plan.json --html plan.html', 'as a page for the change record'],
  ],
  options: (command) => {
    command.option('--html <file>', 'write a self-contained page');
  },
  run(call) {
    const runtime = runtimeOf(call);
    const plan = valueOf(readSavedPlan(runtime, call.args[0] ?? ''));
    const html = text(call.options['html']);
    if (html !== undefined) {
      valueOf(runtime.files.write(runtime.files.resolve(runtime.cwd, html), planHtml(plan)));
      call.io.err(`wrote ${html}\n`);
    }
    if (call.globals.json) printJson(call.io, plan);
    else if (html === undefined)
      call.io.out(fit(planText(plan, { paint: call.paint, verbose: call.globals.verbose }), call.io));
    return exitCodes.done;
  },
};
