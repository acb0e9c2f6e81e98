import type { Control, ControlCatalog } from '../control/declaration.ts';
import { canonicalJson } from '../core/json.ts';
import type { HostRole } from '../model/facts.ts';
import type { Host } from '../model/inventory.ts';
import type { Observation } from '../model/observation.ts';
import type { PlannedHold, PlannedHost, PlannedPhase, PlannedSet, PlannedStep } from '../model/plan.ts';
import { factDigest } from './fact-digest.ts';
import { judgeHost } from './judge-host.ts';
import type { Judgement } from './judge-host.ts';
import { hostRisks } from './host-risks.ts';
import { holdForSets } from './sets.ts';

/** What one host is planned from. */
export interface HostRequest {
  readonly host: Host;
  readonly role: HostRole | null;
  readonly observation: Observation | undefined;
  /** Phases in file order; those with the host in none of their waves are passed over. */
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
  const { host, observation, role, windows } = request;
  const steps: PlannedStep[] = [];
  const holds: PlannedHold[] = [];
  const reboots: PlannedHost['reboots'] = [];
  const judgements: Judgement[] = [];
  const touched = new Map<string, string>();
  const phases = request.phases.filter((phase) => isIn(phase, host.name));
  for (const phase of phases) {
    const preempted = preemptedControls(phase, touched, request.catalog);
    const wish = {
      phase: phase.name,
      controls: phase.controls,
      mayReboot: phase.reboot.when === 'needed',
      preempted,
    };
    const judgement = judgeHost(observation, wish, request.catalog);
    judgements.push(judgement);
    const planned = judgement.steps.map((step) => toPlannedStep(phase.name, step));
    steps.push(...planned);
    const hold = unmetNeed(phase, phases, holds) ?? judgement.hold ?? setHold(request, phase.name, planned);
    if (hold !== undefined) {
      holds.push(hold);
      continue;
    }
    if (planned.some(isDefiniteReboot))
      reboots.push({ phase: phase.name, window: windows.get(phase.name) ?? null, slot: null });
    for (const step of planned) if (step.action !== 'none') touch(step, touched, request.catalog);
  }
  return {
    host: host.name,
    groups: [...host.groups],
    ...(observation?.facts === undefined ? {} : { facts: observation.facts }),
    role,
    factDigest: factDigest(observation, request.controls),
    observedAt: observation?.at ?? null,
    steps,
    reboots,
    windows: windowsByPhase(phases, windows),
    holds,
    risks: hostRisks({ host: host.name, observation, judgements, catalog: request.catalog }),
  };
}

export const isIn = (phase: PlannedPhase, host: string): boolean =>
  phase.waves.some((wave) => wave.hosts.includes(host));

const isDefiniteReboot = (step: PlannedStep): boolean => step.reboot && step.action !== 'unknown';

function toPlannedStep(phase: string, step: Judgement['steps'][number]): PlannedStep {
  const { control, action, found, change, reboot, reason } = step;
  return { phase, control, action, from: found, to: change, reboot, reason };
}

function unmetNeed(
  phase: PlannedPhase,
  phases: readonly PlannedPhase[],
  holds: readonly PlannedHold[],
): PlannedHold | undefined {
  for (const need of phase.needs) {
    const code = 'needs';
    if (!phases.some(({ name }) => name === need))
      return {
        phase: phase.name,
        code,
        reason: `phase ${need}, which this phase needs, does not take in the host`,
      };
    if (holds.some((hold) => hold.phase === need))
      return { phase: phase.name, code, reason: `phase ${need}, which this phase needs, is held` };
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
  touched: ReadonlyMap<string, string>,
  catalog: ControlCatalog,
): ReadonlyMap<string, string> {
  const preempted = new Map<string, string>();
  for (const id of Object.keys(phase.controls)) {
    const earlier = sourcesOf(catalog.get(id)).find((source) => touched.has(source));
    if (earlier !== undefined)
      preempted.set(id, `${touched.get(earlier) ?? ''} first; it is judged when this phase begins`);
  }
  return preempted;
}

function touch(step: PlannedStep, touched: Map<string, string>, catalog: ControlCatalog): void {
  for (const source of sourcesOf(catalog.get(step.control)))
    touched.set(source, `phase ${step.phase} may change it (${step.control})`);
}

/** What a control reads and may write, as texts to compare; group policy is read only. */
function sourcesOf(control: Control | undefined): string[] {
  const sources = control?.fields.map((field) => field.source) ?? [];
  return sources
    .filter(({ kind }) => !kind.startsWith('policy'))
    .map((source) => canonicalJson({ ...source }));
}

function windowsByPhase(
  phases: readonly PlannedPhase[],
  windows: ReadonlyMap<string, string | null>,
): Record<string, string> {
  const byPhase: Record<string, string> = {};
  for (const { name } of phases) {
    const window = windows.get(name) ?? null;
    if (window !== null) byPhase[name] = window;
  }
  return byPhase;
}
