import { formatInstant, instant, parseDuration, plus } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { EventDraft } from '../model/event.ts';
import type { PlannedPhase } from '../model/plan.ts';
import type { Wait } from './decision.ts';
import { countOutcomes, phaseOutcome } from './outcomes.ts';
import { currentPhase, hostPhase, mayStart } from './policy.ts';
import type { Policy } from './policy.ts';
import type { PhaseState, SoakState, WaveState } from './state.ts';

/** One step of the current phase: something to record, something to wait for, or neither while hosts are at work. */
export type StageStep = { readonly event: EventDraft } | { readonly wait: Wait } | undefined;

/** Phases in file order; in each the gates, then the waves with their soaks, then the phase's own soak. */
export function decideStage(policy: Policy): StageStep {
  const phase = currentPhase(policy.state);
  const planned = policy.plannedPhases.get(phase?.name ?? '');
  if (phase === undefined || planned === undefined || !mayStart(policy)) return undefined;
  if (phase.enteredAt === undefined) return { event: { type: 'phase.entered', phase: phase.name, data: {} } };
  return askGate(phase) ?? openWaves(policy, phase, planned) ?? endPhase(policy, phase, planned);
}

function askGate(phase: PhaseState): StageStep {
  const index = phase.gates.findIndex(({ status }) => status !== 'passed');
  const gate = phase.gates[index];
  if (gate === undefined) return undefined;
  if (gate.status === 'shut')
    return { event: { type: 'gate.waiting', phase: phase.name, data: { gate: index, ask: gate.ask } } };
  return { wait: { phase: phase.name, code: 'gate', reason: `gate asks: ${gate.ask}` } };
}

/** Undefined when every wave has ended; a wave opens when all before it have. */
function openWaves(policy: Policy, phase: PhaseState, planned: PlannedPhase): StageStep {
  for (const [index, wave] of phase.waves.entries()) {
    if (wave.endedAt !== undefined) continue;
    const at = { phase: phase.name, wave: index };
    if (wave.openedAt === undefined)
      return { event: { type: 'wave.opened', phase: phase.name, data: { wave: index, name: wave.name } } };
    if (!isThrough(policy, at.phase, wave)) return { wait: atWork(phase.name) };
    const soak = isLast(policy, phase, index) ? null : (planned.waves[index]?.soak ?? null);
    const counts = countIn(policy, at.phase, wave.hosts);
    return (
      soakStep(policy, {
        ...at,
        soak: wave.soak,
        length: soak,
        since: lastFinish(policy, at.phase, wave, wave.openedAt),
      }) ?? {
        event: { type: 'wave.ended', phase: phase.name, data: { wave: index, counts } },
      }
    );
  }
  return undefined;
}

function endPhase(policy: Policy, phase: PhaseState, planned: PlannedPhase): StageStep {
  const waves = phase.waves.length - 1;
  const length = isLast(policy, phase, waves) ? null : planned.soak;
  const since = phase.waves.at(-1)?.endedAt ?? policy.now;
  const hosts = phase.waves.flatMap((wave) => wave.hosts);
  const counts = countIn(policy, phase.name, hosts);
  return (
    soakStep(policy, { phase: phase.name, wave: null, soak: phase.soak, length, since }) ?? {
      event: { type: 'phase.ended', phase: phase.name, data: { counts } },
    }
  );
}

/** A soak keeps something from opening; after the last wave of the last phase there is nothing to keep. */
function isLast({ state }: Policy, phase: PhaseState, wave: number): boolean {
  return phase === state.phases.at(-1) && wave === phase.waves.length - 1;
}

function soakStep(
  { now }: Policy,
  at: {
    phase: string;
    wave: number | null;
    soak: SoakState | undefined;
    length: string | null;
    since: Instant;
  },
): StageStep {
  const { phase, wave, soak } = at;
  const length = parseDuration(at.length ?? '');
  if (soak === undefined) {
    if (length === undefined) return undefined;
    const until = formatInstant(plus(at.since, length));
    return { event: { type: 'soak.started', phase, data: { wave, until } } };
  }
  if (soak.over) return undefined;
  if (now >= soak.until) return { event: { type: 'soak.ended', phase, data: { wave } } };
  return {
    wait: { phase, code: 'soak', reason: `soak until ${formatInstant(soak.until)}`, until: soak.until },
  };
}

function atWork(phase: string): Wait {
  return { phase, code: 'hosts', reason: 'hosts of the open wave are not through' };
}

function isThrough({ state }: Policy, phase: string, wave: WaveState): boolean {
  return wave.hosts.every((host) => hostPhase(state, host, phase).status === 'done');
}

function lastFinish({ state }: Policy, phase: string, wave: WaveState, opened: Instant): Instant {
  const ends = wave.hosts.map((host) => hostPhase(state, host, phase).since);
  return instant(Math.max(...ends, opened));
}

function countIn({ state }: Policy, phase: string, hosts: readonly string[]) {
  return countOutcomes(hosts.map((host) => phaseOutcome(hostPhase(state, host, phase))));
}
