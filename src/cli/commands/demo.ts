import { applyPlan } from '../../app/run-plan.ts';
import { findProblems, loadInventoryOf } from '../../app/load-inputs.ts';
import { planHosts } from '../../app/plan-hosts.ts';
import { reportRun } from '../../app/report-run.ts';
import type { Runtime } from '../../app/runtime.ts';
import type { Selection } from '../../app/selection.ts';
import { surveyStatus } from '../../app/survey-status.ts';
import { steerRun } from '../../app/steer-run.ts';
import { canonicalJson } from '../../core/json.ts';
import type { JsonValue } from '../../core/json.ts';
import { composeDemo, demoSurprises } from '../../compose/demo.ts';
import type { Plan } from '../../model/plan.ts';
import { planText } from '../../report/plan-text.ts';
import { reportHtml } from '../../report/report-html.ts';
import { reportText } from '../../report/report-text.ts';
import type { RunState } from '../../run/state.ts';
import type { Call, CommandSpec } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { fit } from '../fit.ts';
import { valueOf } from '../outcome.ts';
import { printJson, printProblems } from '../print.ts';
import { progress } from '../views/progress.ts';
import { statusView } from '../views/status-view.ts';
import { viewFor } from '../views/view-for.ts';

const selection: Selection = {
  inventory: ['inventories'],
  playbook: 'playbooks/smb-hardening.yml',
  extra: {},
  forks: 24,
};

/** Part of the demo, so that it can be told from what a person says. */
const answer = 'the demo answers for the operator';

export const demo: CommandSpec = {
  usage: 'demo',
  summary: 'the main job end to end on a simulated fleet: validate, status, plan, apply, report',
  examples: [
    ['countersign demo', 'about a minute; touches nothing but this machine'],
    ['countersign demo -v', 'plain lines in place of the live view'],
  ],
  async run(call) {
    const { cwd, env } = call;
    const runtime = valueOf(composeDemo({ cwd, env, stateDir: call.globals.stateDir }));
    try {
      return await playDemo(call, runtime);
    } finally {
      await runtime.close();
    }
  },
};

async function playDemo(call: Call, runtime: Runtime): Promise<ExitCode> {
  const say = (text: string) => {
    if (!call.globals.json && !call.globals.events) call.io.out(fit(text, call.io));
  };
  const heading = (text: string) => {
    say(`\n${call.paint('bold', `── ${text} `.padEnd(Math.min(call.io.columns, 100), '─'))}\n`);
  };

  heading('validate: inventory and playbook');
  const { problems, warnings, files } = valueOf(findProblems(runtime, selection));
  printProblems(call.io, [...warnings, ...problems]);
  if (problems.length > 0) return exitCodes.invalidInput;
  say(`${files} files, no errors\n`);

  heading('status: ask every host, change nothing');
  say(await demoStatus(call, runtime));
  if (call.interrupt.aborted) return exitCodes.interrupted;

  heading('plan: what would be done, when, and what speaks against it');
  const plan = valueOf(
    await planHosts(runtime, selection, { offline: false, allowSpill: false }, call.interrupt),
  );
  const planPath = runtime.files.resolve(runtime.state.directory, 'plan.json');
  valueOf(runtime.files.write(planPath, `${canonicalJson(plan as unknown as JsonValue, 2)}\n`));
  say(planText(plan, { paint: call.paint, verbose: false }));

  heading('apply: phases, waves, windows, reboots (waiting is jumped by the demo’s clock)');
  const state = await demoApply(call, runtime, plan);

  heading('report');
  return demoReport(call, runtime, state, say);
}

async function demoStatus(call: Call, runtime: Runtime): Promise<string> {
  const { inventory } = valueOf(loadInventoryOf(runtime, selection));
  const hosts = inventory.hosts.map(({ name }) => name);
  const shown = progress(call.io, 'Asking hosts', hosts.length);
  const status = await surveyStatus(runtime, selection, { inventory, hosts }, shown.step, call.interrupt);
  shown.done();
  return statusView(valueOf(status), call.paint, false);
}

async function demoApply(call: Call, runtime: Runtime, plan: Plan): Promise<RunState> {
  const view = viewFor(call, plan);
  const finished = await applyPlan(runtime, plan, {
    interrupt: call.interrupt,
    onEvent: (event, state) => {
      view.onEvent(event, state);
      if (event.type === 'gate.waiting')
        valueOf(steerRun(runtime, event.run, { command: 'promote', reason: answer }));
    },
  });
  await view.close();
  return valueOf(finished);
}

function demoReport(call: Call, runtime: Runtime, state: RunState, say: (text: string) => void): ExitCode {
  const report = valueOf(reportRun(runtime, state.run));
  const path = runtime.files.resolve(runtime.state.directory, 'report.html');
  valueOf(runtime.files.write(path, reportHtml(report)));
  const surprises = demoSurprises(state);
  if (call.globals.json)
    printJson(call.io, { schema: 'countersign/demo@1', report: path, surprises, counts: report.counts });
  say(reportText(report, { paint: call.paint, verbose: false }));
  say(`\nHTML report: ${path}\n`);
  for (const surprise of surprises) call.io.err(`${call.paint('bad', 'unexpected')}: ${surprise}\n`);
  if (call.interrupt.aborted) return exitCodes.interrupted;
  if (surprises.length === 0)
    say('The fleet ended as the demo expects: every held host is held for a reason.\n');
  return surprises.length === 0 ? exitCodes.done : exitCodes.failed;
}
