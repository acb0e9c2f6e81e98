import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { byCodeUnit } from '../core/json.ts';
import { nearMatch } from '../core/near-match.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { formatInstant, plus } from '../core/time.ts';
import type { Host } from '../model/inventory.ts';
import { planSchemaName } from '../model/plan.ts';
import type { Plan, PlannedHost, PlannedPhase, PlannedSet } from '../model/plan.ts';
import { resolveBudget } from './budget.ts';
import { planDigest } from './digest.ts';
import { defaultExpectations } from './expectations.ts';
import { roleOf, windowOf } from './host-variables.ts';
import { planHost } from './plan-host.ts';
import { planPhases } from './plan-phases.ts';
import type { PlannedPhases } from './plan-phases.ts';
import { planRisks } from './plan-risks.ts';
import type { PlanRequest } from './request.ts';
import { resolveHosts } from './resolve-hosts.ts';
import type { ResolvedHosts } from './resolve-hosts.ts';
import { planSets, setLimit, whySetForbids } from './sets.ts';
import { makeTimetable } from './timetable.ts';
import type { Timetable } from './timetable.ts';

/**
 * Makes a plan: what each host needs, in which wave and window, and when it is expected.
 *
 * Pure: the same request gives the same plan, whatever the order of its maps, the time zone or the locale.
 *
 * @returns Failure `plan.infeasible…` when it cannot be done in its windows (exit 6); other `plan.*` failures, or those
 *   of the inventory's patterns, for input that makes no sense.
 */
export function buildPlan(request: PlanRequest): Result<Plan> {
  const unknownControl = findUnknownControl(request);
  if (unknownControl !== undefined) return unknownControl;
  const resolved = resolveHosts(request);
  if (!resolved.ok) return resolved;
  const phases = planPhases(request, resolved.value);
  if (!phases.ok) return phases;
  const sets = planSets(request.inventory.sets);
  const hosts = planHosts(request, { resolved: resolved.value, phases: phases.value.phases, sets });
  if (!hosts.ok) return hosts;
  const forbidden = findForbidden(phases.value.phases, sets, hosts.value);
  if (forbidden !== undefined) return err(forbidden);
  const timetable = makeTimetable({
    hosts: hosts.value,
    phases: phases.value.phases,
    calendar: calendarOf(request),
    sets: sets.map((set) => setLimit(set, request.observations)),
    now: request.now,
    allowSpill: request.allowSpill ?? false,
    expectations: request.expectations ?? defaultExpectations,
  });
  if (!timetable.ok) return timetable;
  return ok(
    assemble(request, {
      resolved: resolved.value,
      phases: phases.value,
      sets,
      hosts: hosts.value,
      timetable: timetable.value,
    }),
  );
}

function findUnknownControl({ playbook, catalog }: PlanRequest): Result<never> | undefined {
  const known = [...catalog.keys()].sort(byCodeUnit);
  for (const phase of playbook.phases)
    for (const control of Object.keys(phase.controls))
      if (!catalog.has(control)) {
        const near = nearMatch(control, known);
        return err(
          failure('plan.unknown-control', { phase: phase.name, control, known: known.join(', '), near }),
        );
      }
  return undefined;
}

function planHosts(
  request: PlanRequest,
  o: { resolved: ResolvedHosts; phases: readonly PlannedPhase[]; sets: readonly PlannedSet[] },
): Result<PlannedHost[]> {
  const { catalog, observations, playbook } = request;
  const controls = [...new Set(playbook.phases.flatMap((phase) => Object.keys(phase.controls)))].sort(
    byCodeUnit,
  );
  const members = o.phases.map((phase) => ({
    phase,
    hosts: new Set(phase.waves.flatMap((wave) => wave.hosts)),
  }));
  const planned: PlannedHost[] = [];
  for (const host of o.resolved.hosts) {
    const phases = members.filter(({ hosts }) => hosts.has(host.name)).map(({ phase }) => phase);
    const windows = windowsOf(request, host, phases);
    if (!windows.ok) return windows;
    const role = roleOf(host, observations.get(host.name));
    if (!role.ok) return role;
    const sets = o.sets.filter((set) => set.hosts.includes(host.name));
    const observation = observations.get(host.name);
    const common = { catalog, observations, controls, sets, phases };
    planned.push(planHost({ ...common, host, observation, role: role.value, windows: windows.value }));
  }
  return ok(planned);
}

function windowsOf(
  { playbook }: PlanRequest,
  host: Host,
  phases: readonly PlannedPhase[],
): Result<ReadonlyMap<string, string | null>> {
  const windows = new Map<string, string | null>();
  for (const phase of playbook.phases) {
    if (!phases.some(({ name }) => name === phase.name)) continue;
    const window = windowOf(host, phase, playbook.windows);
    if (!window.ok) return window;
    windows.set(phase.name, window.value);
  }
  return ok(windows);
}

function findForbidden(
  phases: readonly PlannedPhase[],
  sets: readonly PlannedSet[],
  hosts: readonly PlannedHost[],
): Failure | undefined {
  for (const { name } of phases) {
    const rebooting = hosts.filter((host) => host.reboots.some((reboot) => reboot.phase === name));
    const names = new Set(rebooting.map(({ host }) => host));
    for (const set of sets) {
      const problem = whySetForbids(set, name, names);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

interface Parts {
  readonly resolved: ResolvedHosts;
  readonly phases: PlannedPhases;
  readonly sets: PlannedSet[];
  readonly hosts: readonly PlannedHost[];
  readonly timetable: Timetable;
}

function assemble(request: PlanRequest, parts: Parts): Plan {
  const { playbook } = request;
  const plan: Plan = {
    schema: planSchemaName,
    createdAt: formatInstant(request.now),
    tool: request.tool,
    digest: '',
    name: playbook.name,
    offline: request.offline,
    inputs: request.inputs,
    hosts: withSlots(parts.hosts, parts.timetable),
    phases: parts.phases.phases,
    calendar: calendarOf(request),
    sets: parts.sets,
    budget: resolveBudget([playbook.defaults.budget], parts.hosts.length),
    timetable: parts.timetable.entries.map(({ phase, job, start, end }) => ({
      phase,
      host: job.host,
      window: job.opening.schedule.name,
      start: formatInstant(start),
      end: formatInstant(end),
    })),
    excluded: [...parts.resolved.excluded, ...parts.phases.leftOver],
    risks: [],
    approvals: { required: playbook.defaults.approvals ?? 0, given: [] },
  };
  plan.risks = planRisks(plan, { request, timetable: parts.timetable, emptyWaves: parts.phases.emptyWaves });
  plan.digest = planDigest(plan);
  return plan;
}

/** Fills the expected time of each reboot in. */
function withSlots(hosts: readonly PlannedHost[], { entries }: Timetable): PlannedHost[] {
  const byHost = Map.groupBy(entries, ({ job }) => job.host);
  return hosts.map((host) => {
    const reboots = host.reboots.map((reboot) => ({ ...reboot }));
    for (const { end, job, phase, start } of byHost.get(host.host) ?? [])
      for (const reboot of reboots)
        if (reboot.phase === phase)
          reboot.slot = { start: formatInstant(plus(start, job.work.write)), end: formatInstant(end) };
    return { ...host, reboots };
  });
}

function calendarOf({ playbook }: PlanRequest): Plan['calendar'] {
  return { windows: playbook.windows, freezes: playbook.freezes };
}
