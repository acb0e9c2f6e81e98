import { loadInventoryOf, selectHosts } from '../../app/load-inputs.ts';
import { surveyStatus } from '../../app/survey-status.ts';
import type { Status } from '../../model/status.ts';
import type { CommandSpec } from '../command.ts';
import { exitCodes, firstExitCode, isInputMistake } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { fit } from '../fit.ts';
import { runtimeOf, valueOf } from '../outcome.ts';
import { printJson, printProblems } from '../print.ts';
import { progress } from '../views/progress.ts';
import { statusView } from '../views/status-view.ts';

export const status: CommandSpec = {
  usage: 'status [pattern]',
  summary: 'facts, state and compliance of each control, who manages it, blockers (reads only)',
  examples: [
    ['countersign status', 'every host of the inventory'],
    ["countersign status 'servers:!domain_controllers' -v", 'some of them, with every reason'],
    ['countersign status fs-01.corp.example --json', 'one host as JSON'],
  ],
  async run(call) {
    const runtime = runtimeOf(call);
    const { inventory } = valueOf(loadInventoryOf(runtime, call.selection));
    const hosts = valueOf(selectHosts(inventory, call.selection));
    if (!call.globals.json) printProblems(call.io, inventory.warnings);
    const shown = progress(call.io, 'Asking hosts', hosts.length);
    const result = await surveyStatus(
      runtime,
      call.selection,
      { inventory, hosts },
      shown.step,
      call.interrupt,
    );
    shown.done();
    const status = valueOf(result);
    if (call.globals.json) printJson(call.io, status);
    else call.io.out(fit(statusView(status, call.paint, call.globals.verbose), call.io));
    return call.interrupt.aborted ? exitCodes.interrupted : statusExitCode(status);
  },
};

/** 1 where a host drifted, could not be judged or denied us; 4 where one was unreachable; 65 where one has no way to it. */
export function statusExitCode({ hosts, summary }: Status): ExitCode {
  const codes: ExitCode[] = [];
  const judged = hosts.filter(({ reach }) => reach === 'ok').flatMap(({ controls }) => controls);
  const wanting = judged.some(
    ({ compliance }) => compliance !== 'compliant' && compliance !== 'not-applicable',
  );
  if (wanting || summary.denied > 0) codes.push(exitCodes.failed);
  if (summary.unreachable > 0) codes.push(exitCodes.unreachable);
  if (hosts.some(isInputMistake)) codes.push(exitCodes.invalidInput);
  return firstExitCode(codes);
}
