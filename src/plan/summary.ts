import { byCodeUnit } from '../core/json.ts';
import type { Plan, PlannedHost } from '../model/plan.ts';

/** A plan in numbers, for the first screen. */
export interface PlanSummary {
  readonly hosts: number;
  /** Hosts with at least one write or reboot that is not held. */
  readonly changing: number;
  /** Hosts that are as wanted in every phase. */
  readonly compliant: number;
  /** Hosts held in at least one phase. */
  readonly held: number;
  /** Hosts with a step that nobody can tell yet. */
  readonly unknown: number;
  readonly writes: number;
  readonly reboots: number;
  /** Hosts that reboot, by role. */
  readonly rebootingByRole: Readonly<Record<string, number>>;
  readonly unreachable: readonly string[];
}

export function summarizePlan(plan: Plan): PlanSummary {
  const due = plan.hosts.flatMap(dueSteps);
  const count = (test: (host: PlannedHost) => boolean): number => plan.hosts.filter(test).length;
  return {
    hosts: plan.hosts.length,
    changing: count((host) => dueSteps(host).some(isChange)),
    compliant: count((host) => host.holds.length === 0 && host.steps.every((step) => step.action === 'none')),
    held: count((host) => host.holds.length > 0),
    unknown: count((host) => dueSteps(host).some((step) => step.action === 'unknown')),
    writes: due.filter((step) => step.action === 'write').length,
    reboots: plan.hosts.reduce((sum, host) => sum + host.reboots.length, 0),
    rebootingByRole: countByRole(plan.hosts.filter((host) => host.reboots.length > 0)),
    unreachable: plan.hosts.filter(isUnreachable).map(({ host }) => host),
  };
}

/** Whether `plan --detailed-exitcode` says that changes are due (exit 2). */
export function hasChanges(plan: Plan): boolean {
  return plan.hosts.some((host) => dueSteps(host).some((step) => step.action !== 'none'));
}

/** Steps in phases in which the host is not held. */
export function dueSteps(host: PlannedHost): PlannedHost['steps'] {
  const held = new Set(host.holds.map((hold) => hold.phase));
  return host.steps.filter((step) => !held.has(step.phase));
}

const isChange = (step: PlannedHost['steps'][number]): boolean =>
  step.action === 'write' || step.action === 'reboot';

const isUnreachable = (host: PlannedHost): boolean => host.risks.some((risk) => risk.code === 'unreachable');

function countByRole(hosts: readonly PlannedHost[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const role of hosts.map((host) => host.role ?? 'unknown').sort(byCodeUnit))
    counts[role] = (counts[role] ?? 0) + 1;
  return counts;
}
