import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { formatInstant } from '../core/time.ts';
import type { EngineOptions } from '../engine/engine-ports.ts';
import { performer } from '../engine/performer.ts';
import { reconciler } from '../engine/reconcile.ts';
import { runEngine } from '../engine/run-engine.ts';
import type { EngineTask } from '../engine/run-engine.ts';
import type { Plan } from '../model/plan.ts';
import { checkInputs } from '../plan/check-inputs.ts';
import { readPlan } from '../plan/read-plan.ts';
import type { RunState } from '../run/state.ts';
import { loadPlanInputs, planInputsRecord } from './make-plan.ts';
import type { PlanInputs } from './make-plan.ts';
import type { Runtime } from './runtime.ts';
import { splitSecrets } from './selection.ts';
import type { Selection } from './selection.ts';
import { findRun, listRuns } from './stored-run.ts';

/** What a caller may say of how a run is carried out. */
export type RunOptions = Pick<EngineOptions, 'once' | 'interrupt' | 'detach' | 'onEvent' | 'crashPoint'> & {
  /** `-e KEY=VALUE` of this command: only what a plan never keeps (secrets) is taken from here. */
  readonly extra?: Readonly<Record<string, string>>;
};

/** Reads a saved plan. Failures `file.*`, `plan.schema`, `plan.digest`. */
export function readSavedPlan(runtime: Runtime, path: string): Result<Plan> {
  const text = runtime.files.read(runtime.files.resolve(runtime.cwd, path));
  return text.ok ? readPlan(text.value) : text;
}

/**
 * Carries out a saved plan as a new run.
 *
 * @returns The state when this controller let go. Failures: those of reading the plan and its inputs, `plan.stale`,
 *   `run.unfinished` (the plan has a run that `resume` goes on with), and those of the engine.
 */
export async function applyPlan(
  runtime: Runtime,
  plan: Plan,
  options: RunOptions,
): Promise<Result<RunState>> {
  const unfinished = unfinishedRunOf(runtime, plan);
  if (!unfinished.ok) return unfinished;
  const inputs = loadInputsOf(runtime, plan, options.extra);
  if (!inputs.ok) return inputs;
  const run = newRunId(runtime);
  return control(
    runtime,
    { kind: 'start', run, plan, by: operatorOf(runtime) },
    { plan, inputs: inputs.value },
    options,
  );
}

/** Goes on with a run: after a crash, a stop, a night or a pause. */
export async function resumeRun(
  runtime: Runtime,
  wanted: string | undefined,
  options: RunOptions,
): Promise<Result<RunState>> {
  const found = findRun(runtime, wanted);
  if (!found.ok) return found;
  const { run, plan } = found.value.state;
  const inputs = loadInputsOf(runtime, plan, options.extra);
  return inputs.ok
    ? control(runtime, { kind: 'resume', run }, { plan, inputs: inputs.value }, options)
    : inputs;
}

async function control(
  runtime: Runtime,
  task: EngineTask,
  { plan, inputs }: { readonly plan: Plan; readonly inputs: PlanInputs },
  options: RunOptions,
): Promise<Result<RunState>> {
  const journal = runtime.state.journal();
  if (!journal.ok) return journal;
  const inbox = runtime.state.inbox();
  if (!inbox.ok) return inbox;
  const { clock, timers, sessions, scripts, catalog } = runtime;
  const credentials = runtime.credentials(inputs.loaded.inventory);
  const hostPorts = { plan, clock, timers, sessions, scripts, catalog, credentials };
  try {
    return await runEngine(
      task,
      {
        journal: journal.value,
        inbox: inbox.value,
        lock: runtime.state.lock(),
        clock,
        timers,
        dispatcher: performer(hostPorts),
        reconciler: reconciler(hostPorts),
      },
      {
        ...options,
        controller: { pid: runtime.pid, machine: runtime.machine, version: runtime.tool.version },
      },
    );
  } finally {
    inbox.value.close();
    journal.value.close();
  }
}

/** The plan's own inputs, read anew: credentials come from them, and they must not have changed. */
function loadInputsOf(
  runtime: Runtime,
  plan: Plan,
  given: Readonly<Record<string, string>> = {},
): Result<PlanInputs> {
  const { sources, inventory, playbook, pattern, limit, extra, lab = false } = plan.inputs;
  if (lab !== runtime.lab) return err(failure('plan.other-network', { lab }));
  const selection: Selection = {
    inventory: sources ?? inventory.map(({ path }) => path),
    playbook: playbook.path,
    ...(pattern === null ? {} : { pattern }),
    ...(limit === null ? {} : { limit }),
    extra: { ...splitSecrets(given).secret, ...extra },
    forks: 1,
  };
  const inputs = loadPlanInputs(runtime, selection);
  if (!inputs.ok) return inputs;
  const current = checkInputs(plan, planInputsRecord(runtime, inputs.value, selection));
  return current.ok ? inputs : current;
}

function unfinishedRunOf(runtime: Runtime, plan: Plan): Result<void> {
  const runs = listRuns(runtime);
  if (!runs.ok) return runs;
  for (const { run, stored } of runs.value) {
    if (!stored.ok) continue;
    const { state } = stored.value;
    if (state.plan.digest === plan.digest && state.ended === undefined)
      return err(failure('run.unfinished', { run }));
  }
  return ok(undefined);
}

/** `20261124-2200-3f9a`: sorts by time, is short enough to type, and is unique. */
function newRunId(runtime: Runtime): string {
  const stamp = formatInstant(runtime.clock.now()).replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 13);
  return `${stamp}-${runtime.entropy.uuid().slice(0, 4)}`;
}

function operatorOf(runtime: Runtime): string {
  return `${runtime.operator}@${runtime.machine}`;
}
