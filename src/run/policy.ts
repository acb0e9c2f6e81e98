import { parseDuration, seconds } from '../core/time.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { PlannedHost, PlannedPhase, PlannedStep } from '../model/plan.ts';
import { expectedWork } from '../plan/expectations.ts';
import type { ExpectedWork } from '../plan/expectations.ts';
import { known } from './known.ts';
import type { Openings } from './openings.ts';
import type { HostPhase, RunState } from './state.ts';

/** What every part of the policy looks at. */
export interface Policy {
  readonly state: RunState;
  readonly now: Instant;
  readonly openings: Openings;
  readonly plannedHosts: ReadonlyMap<string, PlannedHost>;
  readonly plannedPhases: ReadonlyMap<string, PlannedPhase>;
}

export function policyOf(state: RunState, now: Instant, openings: Openings): Policy {
  const { hosts, phases } = state.plan;
  return {
    ...{ state, now, openings },
    plannedHosts: new Map(hosts.map((host) => [host.host, host])),
    plannedPhases: new Map(phases.map((phase) => [phase.name, phase])),
  };
}

/** Whether anything new may start at all. */
export function mayStart({ state }: Policy): boolean {
  return state.stance === 'running' && !state.interrupted && state.ended === undefined;
}

/** The phase that is on: the first that has not ended. */
export function currentPhase(state: RunState): RunState['phases'][number] | undefined {
  return state.phases.find(({ endedAt }) => endedAt === undefined);
}

/** A host in a phase that it is part of. */
export function hostPhase(state: RunState, host: string, phase: string): HostPhase {
  return known(state.hosts.get(host)?.phases[phase], `${host} in ${phase}`);
}

/** Every host of every phase that was entered, in the plan's order. */
export function enteredHostPhases(state: RunState): HostPhase[] {
  return state.phases.flatMap((phase) =>
    phase.enteredAt === undefined
      ? []
      : phase.waves.flatMap((wave) => wave.hosts.map((host) => hostPhase(state, host, phase.name))),
  );
}

/** What the plan says of a host that is part of the run. */
export function plannedHost(policy: Policy, name: string): PlannedHost {
  return known(policy.plannedHosts.get(name), name);
}

export function plannedPhase(policy: Policy, name: string): PlannedPhase {
  return known(policy.plannedPhases.get(name), name);
}

export function plannedSteps(policy: Policy, own: HostPhase): readonly PlannedStep[] {
  return plannedHost(policy, own.host).steps.filter(({ phase }) => phase === own.phase);
}

/** Whether the plan foresees a reboot of this host in this phase, or cannot exclude it. */
export function mayReboot(policy: Policy, own: HostPhase): boolean {
  if (plannedPhase(policy, own.phase).reboot.when === 'never') return false;
  if (own.verdict !== undefined) return own.steps.some((step) => step.reboot || step.restartNeeded);
  return plannedSteps(policy, own).some((step) => step.reboot || step.action === 'unknown');
}

/** How long the host's work in this phase is expected to take. */
export function workOf(policy: Policy, own: HostPhase): ExpectedWork {
  const { role } = plannedHost(policy, own.host);
  const { reboot } = plannedPhase(policy, own.phase);
  return expectedWork({ role, reboots: mayReboot(policy, own), policy: reboot });
}

/** How long a host is left alone after its reboot before it is verified. */
export function settleTime(policy: Policy, own: HostPhase): Duration {
  return parseDuration(plannedPhase(policy, own.phase).reboot.settle) ?? seconds(0);
}

const activeStatuses = new Set(['probing', 'writing', 'rebooting', 'settling', 'verifying']);

/** Has something in flight, or is between a reboot and its proof: takes one of the places that concurrency grants. */
export function isActive(own: HostPhase): boolean {
  return activeStatuses.has(own.status);
}
