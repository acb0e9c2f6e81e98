import { calendarVersion } from '../calendar/version.ts';
import { ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { sha256 } from '../core/sha256.ts';
import { matchPattern } from '../inventory/pattern.ts';
import type { Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { loadInventoryOf, loadPlaybookOf } from './load-inputs.ts';
import type { LoadedInventory, LoadedPlaybook } from './load-inputs.ts';
import type { Runtime } from './runtime.ts';
import { splitSecrets } from './selection.ts';
import type { Selection } from './selection.ts';

/** What a plan is made from, except the hosts' own answers. */
export interface PlanInputs {
  readonly loaded: LoadedInventory;
  readonly playbook: LoadedPlaybook;
}

export function loadPlanInputs(runtime: Runtime, selection: Selection): Result<PlanInputs> {
  const loaded = loadInventoryOf(runtime, selection);
  if (!loaded.ok) return loaded;
  const playbook = loadPlaybookOf(runtime, selection);
  return playbook.ok ? ok({ loaded: loaded.value, playbook: playbook.value }) : playbook;
}

/** The inputs' paths and digests as a plan records them; `apply` compares them again. */
export function planInputsRecord(
  { lab }: Pick<Runtime, 'lab'>,
  inputs: PlanInputs,
  selection: Selection,
): Plan['inputs'] {
  return {
    ...(lab ? { lab } : {}),
    sources: [...inputs.loaded.sources],
    inventory: inputs.loaded.inventory.inputs.map(({ path, text }) => ({ path, sha256: sha256(text) })),
    playbook: { path: inputs.playbook.path, sha256: inputs.playbook.sha256 },
    calendar: { tzdata: calendarVersion(inputs.playbook.playbook) },
    pattern: selection.pattern ?? null,
    limit: selection.limit ?? null,
    extra: splitSecrets(selection.extra).plain,
  };
}

/** Makes the plan from observations that were gathered before; reads and writes nothing. */
export function makePlan(
  runtime: Runtime,
  inputs: PlanInputs,
  selection: Selection,
  o: {
    readonly observations: ReadonlyMap<string, Observation>;
    readonly offline: boolean;
    readonly allowSpill: boolean;
  },
): Result<Plan> {
  const { inventory } = inputs.loaded;
  return buildPlan({
    playbook: inputs.playbook.playbook,
    inventory: {
      hosts: inventory.hosts,
      sets: inventory.sets,
      match: (pattern) => matchPattern(inventory, pattern),
    },
    observations: o.observations,
    catalog: runtime.catalog,
    inputs: planInputsRecord(runtime, inputs, selection),
    now: runtime.clock.now(),
    tool: runtime.tool,
    offline: o.offline,
    allowSpill: o.allowSpill,
  });
}
