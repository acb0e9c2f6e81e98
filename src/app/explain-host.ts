import { ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Plan } from '../model/plan.ts';
import { explainPlan } from '../plan/explain.ts';
import { zoneOfWindow } from '../report/window-zone.ts';
import type { RunState } from '../run/state.ts';
import { planOffline } from './plan-hosts.ts';
import { readSavedPlan } from './run-plan.ts';
import type { Runtime } from './runtime.ts';
import type { Selection } from './selection.ts';
import { findRun } from './stored-run.ts';
import { unknownHost } from './unknown-host.ts';

export interface Explanation {
  /** What it was told from. */
  readonly source: string;
  readonly lines: readonly string[];
  /** IANA zone in which the operators think; the instants in the lines are UTC all the same. */
  readonly zone: string;
}

/** Explains a host from a saved plan, from a run, or from a plan that is made offline for the purpose. */
export function explainHost(
  runtime: Runtime,
  host: string,
  o: { readonly plan: string | undefined; readonly run: string | undefined; readonly selection: Selection },
): Result<Explanation> {
  if (o.plan !== undefined) {
    const plan = readSavedPlan(runtime, o.plan);
    return plan.ok ? fromPlan(runtime, plan.value, host, `plan ${o.plan}`) : plan;
  }
  const found = findRun(runtime, o.run);
  if (found.ok) return fromRun(runtime, found.value.state, host);
  if (o.run !== undefined || found.error.code !== 'run.not-found') return found;
  const plan = planOffline(runtime, o.selection);
  return plan.ok ? fromPlan(runtime, plan.value, host, 'a plan from the last observations') : plan;
}

function fromPlan(runtime: Runtime, plan: Plan, host: string, source: string): Result<Explanation> {
  const known = [...plan.hosts, ...plan.excluded].map((each) => each.host);
  if (!known.includes(host)) return unknownHost(host, known);
  const zone = zoneOfWindow(plan.calendar, null);
  return ok({ source: `From ${source}`, lines: explainPlan(plan, host, runtime.clock.now()), zone });
}

function fromRun(runtime: Runtime, state: RunState, host: string): Result<Explanation> {
  const planned = fromPlan(runtime, state.plan, host, `run ${state.run}`);
  if (!planned.ok) return planned;
  const own = state.hosts.get(host);
  const progress = Object.values(own?.phases ?? {}).map(
    ({ phase, status, outcome, reason }) =>
      `run: ${phase}: ${outcome ?? status}${reason === '' ? '' : `: ${reason}`}`,
  );
  const hold = own?.hold ? [`run: held by ${own.hold.by}: ${own.hold.reason}`] : [];
  return ok({ ...planned.value, lines: [...planned.value.lines, ...hold, ...progress] });
}
