import type { ControlCatalog } from '../control/declaration.ts';
import type { BootIdentity, Facts } from '../model/facts.ts';
import type { Intent } from '../model/intent.ts';
import type { FoundStep, ProbeOutcome, VerifyOutcome, VerifyVerdict } from '../model/intent-outcome.ts';
import type { Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import { compareHost } from '../plan/compare-host.ts';
import { judgeHost } from '../plan/judge-host.ts';
import { isSameBoot } from './boot.ts';

/** A host that answered, and what the plan wants of it. */
export interface Surveyed {
  readonly plan: Plan;
  readonly catalog: ControlCatalog;
  readonly intent: Intent;
  readonly observation: Observation;
  readonly facts: Facts;
}

/** Judges a probe: may the host be touched as planned? */
export function judgeProbe({ plan, catalog, intent, observation, facts }: Surveyed): ProbeOutcome {
  const planned = plan.hosts.find(({ host }) => host === intent.host);
  if (planned === undefined) throw new TypeError(`${intent.host} is not in the plan`);
  const { verdict, reason, steps } = compareHost({
    ...{ planned, observation, plan, catalog },
    phase: intent.phase,
  });
  const { pendingReboot } = facts;
  return {
    kind: 'probe-host',
    result: 'done',
    reason,
    finding: { verdict, steps: [...steps], boot: bootOf(facts), pendingReboot },
  };
}

/**
 * Judges a verification: is the host as wanted, and at rest?
 *
 * @param boot - The boot that must still be running; null where the phase did not reboot the host.
 */
export function judgeVerification(surveyed: Surveyed, boot: BootIdentity | null): VerifyOutcome {
  const { plan, catalog, intent, observation, facts } = surveyed;
  const controls = plan.phases.find(({ name }) => name === intent.phase)?.controls ?? {};
  const wish = { phase: intent.phase, controls, mayReboot: true };
  const steps = judgeHost(observation, wish, catalog).steps.map(foundStep);
  const [verdict, reason] = verdictOf(steps, facts, boot);
  const { pendingReboot } = facts;
  return {
    kind: 'verify-host',
    result: 'done',
    reason,
    finding: { verdict, steps, boot: bootOf(facts), pendingReboot },
  };
}

function verdictOf(
  steps: readonly FoundStep[],
  facts: Facts,
  boot: BootIdentity | null,
): [VerifyVerdict, string] {
  if (boot !== null && !isSameBoot(boot, facts))
    return ['not-settled', 'it has rebooted once more by itself'];
  if (facts.servicing === 'working')
    return ['not-settled', 'Windows is still installing or removing components'];
  const by = (compliance: FoundStep['compliance']) => steps.find((step) => step.compliance === compliance);
  const unknown = by('unknown');
  if (unknown !== undefined) return ['unknown', `${unknown.control}: ${unknown.reason}`];
  const drifted = by('drifted');
  if (drifted !== undefined) return ['not-as-wanted', `${drifted.control}: ${drifted.reason}`];
  const pending = by('pending-reboot');
  if (pending !== undefined) return ['not-settled', `${pending.control}: ${pending.reason}`];
  if (boot !== null && facts.pendingReboot.includes('component-based-servicing'))
    return ['not-settled', 'component servicing asks for one more reboot'];
  return ['as-wanted', 'verified by a second survey'];
}

function foundStep({ control, compliance, found, change, reboot, reason }: FoundStep): FoundStep {
  return { control, compliance, found, change, reboot, reason };
}

export function bootOf({ bootTime, bootId }: BootIdentity): BootIdentity {
  return { bootTime, bootId };
}
