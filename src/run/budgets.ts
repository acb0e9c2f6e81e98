import type { EventDraft } from '../model/event.ts';
import type { ResolvedBudget } from '../model/plan.ts';
import type { Policy } from './policy.ts';
import type { HostPhase, RunState } from './state.ts';

const counted = ['failed', 'unreachable', 'unknown'] as const;

/**
 * The first budget that more hosts have used up than it tolerates: of each phase, then of the run.
 *
 * Held and not-started hosts never count; hosts that a person's `continue` forgave no longer do.
 */
export function trippedBudget({ state }: Policy): EventDraft | undefined {
  if (state.stance !== 'running' && state.stance !== 'paused') return undefined;
  for (const { name, budget } of state.plan.phases) {
    const trip = overdrawn(state, budget, (own) => own.phase === name);
    if (trip) return { type: 'budget.tripped', phase: name, data: { scope: 'phase', ...trip } };
  }
  const trip = overdrawn(state, state.plan.budget, () => true);
  return trip && { type: 'budget.tripped', data: { scope: 'run', ...trip } };
}

function overdrawn(state: RunState, budget: ResolvedBudget, concerns: (own: HostPhase) => boolean) {
  for (const outcome of counted) {
    const hosts = [...state.hosts.values()].filter((host) =>
      Object.values(host.phases).some(
        (own) => own.outcome === outcome && concerns(own) && !state.forgiven.has(`${own.host} ${own.phase}`),
      ),
    );
    const tolerated = budget[outcome];
    if (hosts.length > tolerated) return { outcome, tolerated, hosts: hosts.map(({ host }) => host) };
  }
  return undefined;
}
