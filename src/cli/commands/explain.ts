import { explainHost } from '../../app/explain-host.ts';
import { localInstants } from '../../report/local-instants.ts';
import type { CommandSpec } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { fit } from '../fit.ts';
import { runtimeOf, valueOf } from '../outcome.ts';
import { printJson } from '../print.ts';
import { text } from '../program.ts';

export const explain: CommandSpec = {
  usage: 'explain <host>',
  summary: 'why a host is (not) touched, when, and by which rule, group or person',
  examples: [
    [
      'countersign explain fs-03.corp.example',
      'in the latest run, else in a plan made from the last observations',
    ],
    ['countersign explain fs-03.corp.example --plan tonight.plan.json', 'in a saved plan'],
  ],
  options: (command) => {
    command.option('--plan <file>', 'a saved plan').option('--run <run>', 'a run other than the latest');
  },
  run(call) {
    const host = call.args[0] ?? '';
    const explained = valueOf(
      explainHost(runtimeOf(call), host, {
        plan: text(call.options['plan']),
        run: text(call.options['run']),
        selection: call.selection,
      }),
    );
    const { source, lines, zone } = explained;
    if (call.globals.json) printJson(call.io, { schema: 'countersign/explain@1', host, source, lines });
    else {
      const told = localInstants(lines.join('\n'), zone);
      call.io.out(fit(`${call.paint('dim', source)}\n${told}\n`, call.io));
    }
    return exitCodes.done;
  },
};
