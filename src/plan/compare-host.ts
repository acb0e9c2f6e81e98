import type { ControlCatalog } from '../control/declaration.ts';
import type { FoundStep, ProbeVerdict } from '../model/intent-outcome.ts';
import type { ControlState, Observation } from '../model/observation.ts';
import type { Plan, PlannedHost, PlannedStep } from '../model/plan.ts';
import { judgeHost } from './judge-host.ts';
import type { JudgedStep } from './judge-host.ts';

/** A host right before it is touched, held against its plan. */
export interface Comparison {
  readonly verdict: ProbeVerdict;
  /** One sentence for people. */
  readonly reason: string;
  /** What is to be done now, by control id; what the plan says only where that is still true. */
  readonly steps: readonly FoundStep[];
}

/**
 * Compares a host, observed again, with what was planned and approved for one phase.
 *
 * `same`: go on; each step is as planned, or less than planned because a part is done already, or was unknown when
 * planned. `satisfied`: changes were planned and none is needed any more. `differs`: going on would do more, or something
 * else, than was approved; the host is held. `unknown`: it cannot be judged.
 */
export function compareHost(o: {
  readonly planned: PlannedHost;
  readonly observation: Observation;
  readonly phase: string;
  readonly catalog: ControlCatalog;
  readonly plan: Plan;
}): Comparison {
  const { planned, observation, plan } = o;
  const phase = plan.phases.find(({ name }) => name === o.phase);
  if (phase === undefined)
    return { verdict: 'unknown', reason: `the plan has no phase ${o.phase}`, steps: [] };
  const held = planned.holds.find((hold) => hold.phase === o.phase);
  if (held !== undefined)
    return { verdict: 'differs', reason: `held by the plan: ${held.reason}`, steps: [] };
  const mayReboot = phase.reboot.when === 'needed';
  const judged = judgeHost(observation, { phase: o.phase, controls: phase.controls, mayReboot }, o.catalog);
  const steps = judged.steps.map(toFoundStep);
  const before = planned.steps.filter((step) => step.phase === o.phase);
  const result = (verdict: ProbeVerdict, reason: string): Comparison => ({ verdict, reason, steps });

  const stranger = whyAnotherHost(planned, observation);
  if (stranger !== undefined) return result('differs', stranger);
  if (judged.hold !== undefined) return result('differs', judged.hold.reason);
  const unread = judged.steps.find((step) => step.action === 'unknown');
  if (unread !== undefined) return result('unknown', `${unread.control}: ${unread.reason}`);
  for (const step of judged.steps) {
    const difference = whyMoreThanPlanned(
      before.find(({ control }) => control === step.control),
      step,
    );
    if (difference !== undefined) return result('differs', `${step.control}: ${difference}`);
  }
  return judged.steps.every((step) => step.action === 'none')
    ? nothingLeft(before, result)
    : result('same', describeSame(before, judged.steps));
}

function nothingLeft(
  before: readonly PlannedStep[],
  result: (verdict: ProbeVerdict, reason: string) => Comparison,
): Comparison {
  return before.every((step) => step.action === 'none')
    ? result('same', 'as wanted, as planned')
    : result('satisfied', 'satisfied elsewhere: everything that was planned is already as wanted');
}

function describeSame(before: readonly PlannedStep[], now: readonly JudgedStep[]): string {
  const notes = now.flatMap((step) => {
    const planned = before.find(({ control }) => control === step.control)?.action;
    if (planned === step.action) return [];
    if (planned === 'unknown') return [`${step.control} was unknown when planned, now ${step.action}`];
    return [
      step.action === 'none'
        ? `${step.control} is already as wanted`
        : `${step.control} only needs the reboot`,
    ];
  });
  return notes.length === 0 ? 'as planned' : `as planned, but ${notes.join(', ')}`;
}

/** Why a step would do more than the plan says, or something else; undefined when it would not. */
function whyMoreThanPlanned(planned: PlannedStep | undefined, now: JudgedStep): string | undefined {
  if (planned?.action === 'unknown' || now.action === 'none') return undefined;
  if (planned === undefined) return 'not in the plan';
  if (now.reboot && !planned.reboot) return 'a reboot is needed, and none was planned';
  if (now.action === 'reboot') return undefined;
  if (planned.action !== 'write') return `a write is needed, and the plan says ${planned.action}`;
  const other = Object.keys(now.change).find((field) => now.change[field] !== planned.to[field]);
  return other === undefined
    ? undefined
    : `${other} would become ${show(now.change[other])}, planned was ${show(planned.to[other])}`;
}

/** A machine that answers under the host's name, but is not the one that was planned. */
function whyAnotherHost(planned: PlannedHost, { facts }: Observation): string | undefined {
  if (facts === undefined || planned.facts === undefined) return undefined;
  if (facts.computerName.toLowerCase() !== planned.facts.computerName.toLowerCase())
    return `it is now ${facts.computerName}, and ${planned.facts.computerName} was planned`;
  if (facts.os.role !== planned.facts.os.role)
    return `its role is now ${facts.os.role}, and ${planned.facts.os.role} was planned`;
  return undefined;
}

function toFoundStep({ control, compliance, found, change, reboot, reason }: JudgedStep): FoundStep {
  return { control, compliance, found, change, reboot, reason };
}

type Value = ControlState[string] | undefined;

const show = (value: Value): string => (value === undefined ? 'nothing' : String(value));
