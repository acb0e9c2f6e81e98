import { loadInventoryOf, loadPlaybookOf, selectHosts } from '../../app/load-inputs.ts';
import { observeHosts } from '../../app/observe-hosts.ts';
import { buildStatus, wantedControls } from '../../app/status.ts';
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
    const { playbook } = valueOf(loadPlaybookOf(runtime, call.selection));
    const hosts = valueOf(selectHosts(inventory, call.selection));
    if (!call.globals.json) printProblems(call.io, inventory.warnings);
    const shown = progress(call.io, 'Asking hosts', hosts.length);
    const observations = await observeHosts(
      runtime,
      inventory,
      hosts,
      {
        controls: [...runtime.catalog.values()],
        forks: call.selection.forks,
        onHost: ({ host }) => {
          shown.step(host);
        },
      },
      call.interrupt,
    );
    shown.done();
    const wanted = wantedControls(playbook, inventory);
    const result = buildStatus({
      observations,
      inventory,
      wanted,
      catalog: runtime.catalog,
      at: runtime.clock.now(),
    });
    if (call.globals.json) printJson(call.io, result);
    else call.io.out(fit(statusView(result, call.paint, call.globals.verbose), call.io));
    return call.interrupt.aborted ? exitCodes.interrupted : statusExitCode(result);
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
