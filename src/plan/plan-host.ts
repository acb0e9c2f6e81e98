import type { ControlCatalog } from '../control/declaration.ts';
import { canonicalJson } from '../core/json.ts';
import type { HostRole } from '../model/facts.ts';
import type { Host } from '../model/inventory.ts';
import type { Observation } from '../model/observation.ts';
import type { PlannedHold, PlannedHost, PlannedPhase, PlannedSet, PlannedStep } from '../model/plan.ts';
import { factDigest } from './fact-digest.ts';
import { hostRisks } from './host-risks.ts';
import { judgeHost } from './judge-host.ts';
import type { Judgement } from './judge-host.ts';
import { holdForSets } from './sets.ts';

/** What one host is planned from. */
export interface HostRequest {
  readonly host: Host;
  readonly role: HostRole | null;
  readonly observation: Observation | undefined;
  /** In file order, and only those in which the host is in a wave. */
  readonly phases: readonly PlannedPhase[];
  /** Window by phase name; null for a phase without one. */
  readonly windows: ReadonlyMap<string, string | null>;
  readonly catalog: ControlCatalog;
  /** Redundancy sets that the host is a member of. */
  readonly sets: readonly PlannedSet[];
  readonly observations: ReadonlyMap<string, Observation>;
  /** All controls of the playbook. */
  readonly controls: readonly string[];
}

/** Plans one host through its phases; slots are filled in by the timetable. */
export function planHost(request: HostRequest): PlannedHost {
  const { host, observation, role } = request;
  const windows = windowsByPhase(request);
  const done: HostPhasePlan[] = [];
  for (const phase of request.phases) done.push(planHostPhase(request, phase, done));
  const rebooting = done.filter(({ hold, steps }) => hold === undefined && steps.some(isDefiniteReboot));
  return {
    host: host.name,
    groups: [...host.groups],
    ...(observation?.facts === undefined ? {} : { facts: observation.facts }),
    role,
    factDigest: factDigest(observation, request.controls),
    observedAt: observation?.at ?? null,
    steps: done.flatMap(({ steps }) => steps),
    reboots: rebooting.map(({ phase }) => ({ phase, window: windows[phase] ?? null, slot: null })),
    windows,
    holds: done.flatMap(({ hold }) => hold ?? []),
    risks: hostRisks({ host: host.name, observation, judgements: done.map(({ judgement }) => judgement) }),
  };
}

/** One phase of one host, planned. */
interface HostPhasePlan {
  readonly phase: string;
  readonly judgement: Judgement;
  readonly steps: PlannedStep[];
  readonly hold: PlannedHold | undefined;
}

function planHostPhase(
  request: HostRequest,
  phase: PlannedPhase,
  before: readonly HostPhasePlan[],
): HostPhasePlan {
  const { name } = phase;
  const preempted = preemptedControls(phase, before, request.catalog);
  const mayReboot = phase.reboot.when === 'needed';
  const wish = { phase: name, controls: phase.controls, mayReboot, preempted };
  const judgement = judgeHost(request.observation, wish, request.catalog);
  const steps = judgement.steps.map((step) => toPlannedStep(name, step));
  const hold = unmetNeed(phase, before) ?? judgement.hold ?? setHold(request, name, steps);
  return { phase: name, judgement, steps, hold };
}

const isDue = (step: PlannedStep): boolean => step.action !== 'none';
const isDefiniteReboot = (step: PlannedStep): boolean => step.reboot && step.action !== 'unknown';

function toPlannedStep(phase: string, step: Judgement['steps'][number]): PlannedStep {
  const { control, action, found, change, reboot, reason } = step;
  return { phase, control, action, from: found, to: change, reboot, reason };
}

function unmetNeed({ name, needs }: PlannedPhase, before: readonly HostPhasePlan[]): PlannedHold | undefined {
  for (const need of needs) {
    const needed = before.find(({ phase }) => phase === need);
    if (needed !== undefined && needed.hold === undefined) continue;
    const why = needed === undefined ? 'does not take in the host' : 'is held';
    return { phase: name, code: 'needs', reason: `phase ${need}, which this phase needs, ${why}` };
  }
  return undefined;
}

function setHold(
  request: HostRequest,
  phase: string,
  steps: readonly PlannedStep[],
): PlannedHold | undefined {
  return steps.some(isDefiniteReboot) ? holdForSets(request.host.name, phase, request) : undefined;
}

/** Controls that read what an earlier phase will have changed by then: nobody can tell yet what they will find. */
function preemptedControls(
  phase: PlannedPhase,
  before: readonly HostPhasePlan[],
  catalog: ControlCatalog,
): ReadonlyMap<string, string> {
  const changes = before.filter(({ hold }) => hold === undefined).flatMap(({ steps }) => steps.filter(isDue));
  const preempted = new Map<string, string>();
  for (const id of Object.keys(phase.controls)) {
    const read = new Set(sourcesOf(id, catalog));
    const earlier = changes.find(({ control }) =>
      sourcesOf(control, catalog).some((source) => read.has(source)),
    );
    if (earlier !== undefined)
      preempted.set(
        id,
        `phase ${earlier.phase} may change it (${earlier.control}) first; it is judged when this phase begins`,
      );
  }
  return preempted;
}

/** What a control reads and may write, as texts to compare; group policy is read only. */
function sourcesOf(id: string, catalog: ControlCatalog): string[] {
  const fields = [...catalog.values()]
    .filter((control) => control.id === id)
    .flatMap((control) => control.fields);
  const sources = fields.map(({ source }) => source).filter(({ kind }) => !kind.startsWith('policy'));
  return sources.map((source) => canonicalJson({ ...source }));
}

function windowsByPhase({ phases, windows }: HostRequest): Record<string, string> {
  const named = phases.flatMap(({ name }) => {
    const window = windows.get(name);
    return typeof window === 'string' ? [[name, window] as const] : [];
  });
  return Object.fromEntries(named);
}
