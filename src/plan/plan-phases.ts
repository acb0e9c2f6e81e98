import { ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { RebootPolicy } from '../model/playbook.ts';
import type { Plan, PlannedPhase } from '../model/plan.ts';
import { resolveBudget } from './budget.ts';
import type { PlanRequest } from './request.ts';
import type { ResolvedHosts } from './resolve-hosts.ts';
import { dealWaves } from './waves.ts';

/** Hosts in flight at once where the playbook says nothing. */
const defaultConcurrency = 10;

export interface PlannedPhases {
  readonly phases: PlannedPhase[];
  /** Hosts of a phase that none of its waves takes. */
  readonly leftOver: Plan['excluded'];
  readonly emptyWaves: readonly { phase: string; wave: string }[];
}

/** The phases in file order, with their waves dealt out and their budgets counted in hosts. */
export function planPhases(
  { playbook, inventory }: PlanRequest,
  resolved: ResolvedHosts,
): Result<PlannedPhases> {
  const phases: PlannedPhase[] = [];
  const leftOver: Plan['excluded'] = [];
  const emptyWaves: { phase: string; wave: string }[] = [];
  for (const { phase, hosts } of resolved.phases) {
    const dealt = dealWaves(phase, hosts, inventory.match);
    if (!dealt.ok) return dealt;
    const { waves, leftOver: left, empty } = dealt.value;
    for (const host of left)
      leftOver.push({
        host,
        phase: phase.name,
        reason: `in no wave of phase ${phase.name}, which has no wave \`rest\``,
      });
    for (const wave of empty) emptyWaves.push({ phase: phase.name, wave });
    phases.push({
      name: phase.name,
      needs: phase.needs ?? [],
      controls: phase.controls,
      reboot: phase.reboot ?? RebootPolicy.parse({}),
      waves,
      gates: phase.gates ?? [],
      soak: phase.soak ?? null,
      concurrency: phase.concurrency ?? playbook.defaults.concurrency ?? defaultConcurrency,
      budget: resolveBudget([phase.budget, playbook.defaults.budget], hosts.length),
    });
  }
  return ok({ phases, leftOver, emptyWaves });
}
