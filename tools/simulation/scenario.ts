import type { Instant } from '../../src/core/time.ts';
import { instant } from '../../src/core/time.ts';
import { seededChance } from '../../src/lab/prng.ts';
import type { Chance } from '../../src/lab/prng.ts';
import type { Facts } from '../../src/model/facts.ts';
import { planSchemaName } from '../../src/model/plan.ts';
import type { Plan, PlannedHost, PlannedPhase, PlannedStep } from '../../src/model/plan.ts';
import type { Calendar } from '../../src/model/schedule.ts';

/** Monday evening, 20:00 UTC. */
export const simulationStart: Instant = instant(Date.parse('2026-11-23T20:00:00Z'));

export interface ScenarioOptions {
  /** No budgets, no people, no faults that depend on time: then every way through ends the same. */
  readonly calm?: boolean;
}

export interface Scenario {
  readonly seed: string;
  readonly plan: Plan;
  readonly calm: boolean;
}

/** A small random plan: phases, waves, sets, windows, freezes, gates, soaks and budgets of every kind. */
export function makeScenario(seed: string, { calm = false }: ScenarioOptions = {}): Scenario {
  const chance = seededChance(`${seed}/plan`);
  const names = Array.from({ length: chance.between([3, 10]) }, (_, index) => `host-${index + 1}`);
  const calendar = makeCalendar(chance);
  const phaseNames = ['audit', 'disable', 'enforce'].slice(0, chance.between([1, 3]));
  const phases = phaseNames.map((name, index) => makePhase(chance, { name, index, names, calm }));
  const hosts = names.map((name) => makeHost(chance, name, phases));
  const plan: Plan = {
    schema: planSchemaName,
    createdAt: '2026-11-23T19:00:00Z',
    tool: { name: 'countersign', version: '0.0.0' },
    digest: '0'.repeat(64),
    name: seed,
    offline: false,
    inputs: {
      inventory: [],
      playbook: { path: 'playbook.yml', sha256: '' },
      calendar: { tzdata: '' },
      pattern: null,
      limit: null,
      extra: {},
    },
    ...{ hosts, phases, calendar, sets: makeSets(chance, names) },
    budget: calm ? noBudget : makeBudget(chance, 3),
    ...{ timetable: [], excluded: [], risks: [], approvals: { required: 0, given: [] } },
  };
  return { seed, plan, calm };
}

const noBudget = { failed: 99, unreachable: 99, unknown: 99 };

function makeBudget(chance: Chance, most: number) {
  const amount = () => (chance.next() < 0.5 ? 99 : chance.between([0, most]));
  return { failed: amount(), unreachable: amount(), unknown: amount() };
}

function makeCalendar(chance: Chance): Calendar {
  const freeze = { name: 'day', from: '2026-11-25', to: '2026-11-25', timezone: 'Europe/Berlin' };
  return {
    windows: {
      nights: {
        days: ['mon', 'tue', 'wed', 'thu'],
        start: '22:00',
        duration: chance.next() < 0.5 ? '2h' : '6h',
        timezone: 'Europe/Berlin',
        cutoff: chance.next() < 0.7 ? 'auto' : '45m',
      },
      now: { always: true },
    },
    freezes: chance.next() < 0.4 ? [freeze] : [],
  };
}

function makePhase(
  chance: Chance,
  o: { name: string; index: number; names: readonly string[]; calm: boolean },
): PlannedPhase {
  const split = chance.between([1, o.names.length]);
  const waves = [o.names.slice(0, split), o.names.slice(split)].filter((hosts) => hosts.length > 0);
  return {
    name: o.name,
    needs: o.index > 0 && chance.next() < 0.6 ? [['audit', 'disable'][o.index - 1] ?? ''] : [],
    controls: { [`${o.name}-a`]: { on: true }, [`${o.name}-b`]: { on: true } },
    reboot: { when: 'needed', timeout: '20m', settle: chance.next() < 0.5 ? '2m' : '0s' },
    waves: waves.map((hosts, index) => ({
      name: `wave ${index + 1}`,
      hosts: [...hosts],
      soak: chance.next() < 0.3 ? '3h' : null,
      gate: null,
    })),
    gates: chance.next() < 0.3 ? [{ manual: { ask: `go on with ${o.name}?` } }] : [],
    soak: chance.next() < 0.3 ? '1d' : null,
    concurrency: chance.between([1, 4]),
    budget: o.calm ? noBudget : makeBudget(chance, 2),
  };
}

function makeHost(chance: Chance, host: string, phases: readonly PlannedPhase[]): PlannedHost {
  const window = chance.pick(['nights', 'nights', 'now'] as const);
  const steps = phases.flatMap((phase) =>
    Object.keys(phase.controls).map((control) => makeStep(chance, phase.name, control)),
  );
  const isPlannedHold = chance.next() < 0.05;
  return {
    host,
    groups: [],
    role: 'server',
    facts: makeFacts(host),
    factDigest: '',
    observedAt: '2026-11-23T19:00:00Z',
    steps,
    reboots: [],
    windows: Object.fromEntries(phases.map(({ name }) => [name, window])),
    holds: isPlannedHold ? [{ phase: phases[0]?.name ?? '', code: 'blocked', reason: 'by a policy' }] : [],
    risks: [],
  };
}

function makeStep(chance: Chance, phase: string, control: string): PlannedStep {
  const action = chance.pick(['none', 'write', 'write', 'write', 'reboot'] as const);
  return {
    ...{ phase, control, action, reason: action },
    from: { on: action === 'none' },
    to: action === 'write' ? { on: true } : {},
    reboot: action === 'reboot' || (action === 'write' && chance.next() < 0.6),
  };
}

function makeFacts(host: string): Facts {
  return {
    ...{ bootTime: '2026-11-01T00:00:00Z', bootId: 1, hostTime: '2026-11-23T19:00:00Z' },
    ...{ pendingReboot: [], servicing: 'idle', services: { LanmanServer: 'Running' } },
    os: { build: 20348, revision: 1, caption: 'Windows', edition: 'Standard', role: 'server' },
    ...{ computerName: host, domain: 'lab', powershell: '5.1', cluster: 'absent' },
    smb: {
      serverCmdlets: true,
      clientCmdlets: true,
      auditSmb1Access: true,
      optionalFeatureCmdlets: true,
      windowsFeatureCmdlets: true,
    },
  };
}

function makeSets(chance: Chance, names: readonly string[]): Plan['sets'] {
  if (chance.next() < 0.4) return [];
  const size = Math.min(names.length, chance.between([2, 4]));
  const hosts = names.slice(0, size);
  return [{ name: 'pair', hosts: [...hosts], minAvailable: chance.between([1, size - 1]) }];
}
