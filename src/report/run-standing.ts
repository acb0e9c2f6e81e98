import { formatInstant } from '../core/time.ts';
import type { Report } from '../model/report.ts';
import { countOutcomes, phaseOutcome } from '../run/outcomes.ts';
import type { PhaseState, RunState } from '../run/state.ts';

/** How a run stands, in one word. A journal cannot tell a controller at work from one that crashed just now. */
export function runStanding(state: RunState): Report['state'] {
  if (state.ended !== undefined) return state.ended.state;
  if (state.stance !== 'running') return state.stance;
  if (state.interrupted) return 'interrupted';
  if (state.waiting !== undefined) return 'waiting';
  return state.controlled ? 'running' : 'interrupted';
}

export function reportedPhase(state: RunState, phase: PhaseState): Report['phases'][number] {
  const outcomes = [...state.hosts.values()].flatMap((host) => {
    const own = host.phases[phase.name];
    return own === undefined ? [] : [phaseOutcome(own)];
  });
  return {
    name: phase.name,
    state: phaseStanding(phase),
    controls: state.plan.phases.find(({ name }) => name === phase.name)?.controls ?? {},
    started: phase.enteredAt === undefined ? null : formatInstant(phase.enteredAt),
    ended: phase.endedAt === undefined ? null : formatInstant(phase.endedAt),
    counts: countOutcomes(outcomes),
  };
}

function phaseStanding(phase: PhaseState): Report['phases'][number]['state'] {
  if (phase.endedAt !== undefined) return 'ended';
  if (phase.enteredAt === undefined) return 'not-entered';
  if (phase.gates.some(({ status }) => status !== 'passed')) return 'gate';
  const soaks = [phase.soak, ...phase.waves.map(({ soak }) => soak)];
  return soaks.some((soak) => soak?.over === false) ? 'soaking' : 'running';
}
