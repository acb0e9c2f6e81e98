import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import { selectHosts } from './load-inputs.ts';
import { loadPlanInputs, makePlan } from './make-plan.ts';
import { observeHosts } from './observe-hosts.ts';
import type { Runtime } from './runtime.ts';
import type { Selection } from './selection.ts';

export interface PlanOptions {
  /** Plan from the last observations, touching nothing. */
  readonly offline: boolean;
  readonly allowSpill: boolean;
  readonly onStart?: (hosts: number) => void;
  readonly onHost?: (observation: Observation) => void;
}

/** Loads the inputs, asks (or remembers) the hosts and makes the plan. Reads only. */
export async function planHosts(
  runtime: Runtime,
  selection: Selection,
  o: PlanOptions,
  signal: AbortSignal,
): Promise<Result<Plan>> {
  const inputs = loadPlanInputs(runtime, selection);
  if (!inputs.ok) return inputs;
  const { inventory } = inputs.value.loaded;
  const selected = selectHosts(inventory, selection);
  if (!selected.ok) return selected;
  const hosts = withPartners(selected.value, inventory.sets);
  const observations = o.offline
    ? recall(runtime)
    : await askAll(runtime, inventory, hosts, { ...o, forks: selection.forks }, signal);
  if (!observations.ok) return observations;
  if (signal.aborted) return err(failure('net.aborted'));
  return makePlan(runtime, inputs.value, selection, { ...o, observations: observations.value });
}

/** Makes a plan from the last observations, touching nothing. */
export function planOffline(runtime: Runtime, selection: Selection): Result<Plan> {
  const inputs = loadPlanInputs(runtime, selection);
  if (!inputs.ok) return inputs;
  const observations = recall(runtime);
  if (!observations.ok) return observations;
  const o = { observations: observations.value, offline: true, allowSpill: true };
  return makePlan(runtime, inputs.value, selection, o);
}

// The health of a redundancy partner decides, even where the partner itself is not part of the plan.
function withPartners(
  hosts: readonly string[],
  sets: readonly { readonly hosts: readonly string[] }[],
): readonly string[] {
  const wanted = new Set(hosts);
  for (const set of sets) {
    if (set.hosts.some((host) => wanted.has(host))) for (const host of set.hosts) wanted.add(host);
  }
  return [...wanted];
}

async function askAll(
  runtime: Runtime,
  inventory: Parameters<typeof observeHosts>[1],
  hosts: readonly string[],
  o: PlanOptions & { readonly forks: number },
  signal: AbortSignal,
): Promise<Result<ReadonlyMap<string, Observation>>> {
  o.onStart?.(hosts.length);
  const controls = [...runtime.catalog.values()];
  const asked = await observeHosts(runtime, inventory, hosts, { ...o, controls }, signal);
  return ok(new Map(asked.map((observation) => [observation.host, observation])));
}

function recall(runtime: Runtime): Result<ReadonlyMap<string, Observation>> {
  const store = runtime.state.observations();
  if (!store.ok) return store;
  const all = store.value.all();
  store.value.close();
  if (!all.ok) return all;
  const observations = new Map<string, Observation>();
  for (const [host, stored] of all.value) {
    const parsed = Observation.safeParse(stored);
    if (parsed.success) observations.set(host, parsed.data);
  }
  return ok(observations);
}
