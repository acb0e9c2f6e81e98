import type { HostPhase, HostState, PhaseState, RunState, WaveState } from './state.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A state while a batch of events is folded into it: its collections are copies, their members are replaced. */
export type Draft = Omit<Mutable<RunState>, 'phases' | 'hosts' | 'inFlight' | 'notes' | 'trips'> & {
  phases: PhaseState[];
  hosts: Map<string, HostState>;
  inFlight: Map<string, { intent: InFlight['intent']; at: InFlight['at'] }>;
  notes: RunState['notes'][number][];
  trips: RunState['trips'][number][];
};
type InFlight = RunState['inFlight'] extends ReadonlyMap<string, infer V> ? V : never;

export function draftOf(state: RunState): Draft {
  return {
    ...state,
    phases: [...state.phases],
    hosts: new Map(state.hosts),
    inFlight: new Map(state.inFlight),
    notes: [...state.notes],
    trips: [...state.trips],
  };
}

/** Replaces the phase named `name`. */
export function changePhase(
  draft: Draft,
  name: string | undefined,
  change: (phase: PhaseState) => Partial<PhaseState>,
): void {
  draft.phases = draft.phases.map((phase) => (phase.name === name ? { ...phase, ...change(phase) } : phase));
}

/** Replaces one wave of the phase named `name`. */
export function changeWave(
  draft: Draft,
  at: { phase: string | undefined; wave: number },
  change: Partial<WaveState>,
): void {
  changePhase(draft, at.phase, (phase) => ({
    waves: phase.waves.map((wave, index) => (index === at.wave ? { ...wave, ...change } : wave)),
  }));
}

/** Replaces what is known of a host in a phase; nothing where the plan has no such pair. */
export function changeHostPhase(
  draft: Draft,
  at: { host: string | undefined; phase: string | undefined },
  change: (own: HostPhase) => Partial<HostPhase>,
): void {
  if (at.host === undefined || at.phase === undefined) return;
  const host = draft.hosts.get(at.host);
  const own = host?.phases[at.phase];
  if (host === undefined || own === undefined) return;
  const phases = { ...host.phases, [own.phase]: { ...own, ...change(own) } };
  draft.hosts.set(host.host, { ...host, phases });
}
