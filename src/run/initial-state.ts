import type { Instant } from '../core/time.ts';
import type { EventOf } from '../model/event.ts';
import type { Plan, PlannedPhase } from '../model/plan.ts';
import { known } from './known.ts';
import type { Attempts, HostPhase, HostState, PhaseState, RebootState, RunState } from './state.ts';

/** A run of which only the first event is known: everything is still to do. */
export function initialState(started: EventOf<'run.started'>, at: Instant): RunState {
  const { plan } = started.data;
  return {
    run: started.run,
    plan,
    startedAt: at,
    at,
    head: { seq: started.seq, hash: started.hash },
    stance: 'running',
    stanceReason: undefined,
    controlled: false,
    interrupted: false,
    waiting: undefined,
    ended: undefined,
    phases: plan.phases.map(initialPhase),
    hosts: initialHosts(plan, at),
    inFlight: new Map(),
    trips: [],
    forgiven: new Set(),
    inboxSeen: 0,
    notes: [],
  };
}

function initialPhase(phase: PlannedPhase): PhaseState {
  return {
    name: phase.name,
    enteredAt: undefined,
    gates: phase.gates.map((gate) => ({ ask: gate.manual.ask, status: 'shut', answer: undefined })),
    waves: phase.waves.map((wave) => ({
      name: wave.name,
      hosts: wave.hosts,
      openedAt: undefined,
      soak: undefined,
      endedAt: undefined,
    })),
    soak: undefined,
    endedAt: undefined,
  };
}

function initialHosts(plan: Plan, at: Instant): ReadonlyMap<string, HostState> {
  const phases = new Map<string, Record<string, HostPhase>>(plan.hosts.map(({ host }) => [host, {}]));
  for (const phase of plan.phases)
    for (const [wave, { hosts }] of phase.waves.entries())
      for (const host of hosts) {
        const own = known(phases.get(host), `${host}, which is in a wave of ${phase.name}`);
        own[phase.name] = untouched({ host, phase: phase.name, wave, at, attempts: noAttempts, reboots: [] });
      }
  return new Map([...phases].map(([host, own]) => [host, { host, hold: undefined, phases: own }]));
}

const noAttempts: Attempts = { 'probe-host': 0, 'write-control': 0, 'reboot-host': 0, 'verify-host': 0 };

/** A host that has yet to start in a phase; attempts and reboots stay on record, and the attempts name the intents. */
export function untouched(from: {
  host: string;
  phase: string;
  wave: number;
  at: Instant;
  attempts: Attempts;
  reboots: readonly RebootState[];
}): HostPhase {
  return {
    host: from.host,
    phase: from.phase,
    wave: from.wave,
    status: 'pending',
    since: from.at,
    outcome: undefined,
    code: undefined,
    reason: 'not started',
    verdict: undefined,
    steps: [],
    boot: undefined,
    pendingBefore: [],
    reboots: from.reboots,
    rebooted: false,
    verification: undefined,
    setback: undefined,
    attempts: from.attempts,
  };
}
