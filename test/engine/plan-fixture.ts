import type { Facts } from '../../src/model/facts.ts';
import { planSchemaName } from '../../src/model/plan.ts';
import type { Plan, PlannedHost, PlannedPhase, PlannedStep } from '../../src/model/plan.ts';

const noBudget = { failed: 99, unreachable: 99, unknown: 99 };

export const factsOf = (host: string): Facts => ({
  bootTime: '2026-11-01T00:00:00Z',
  bootId: 1,
  hostTime: '2026-11-23T19:00:00Z',
  pendingReboot: [],
  servicing: 'idle',
  services: { LanmanServer: 'Running', LanmanWorkstation: 'Running', Netlogon: 'absent' },
  os: { build: 20348, revision: 1, caption: 'Windows', edition: 'Standard', role: 'server' },
  computerName: host,
  domain: 'lab',
  powershell: '5.1',
  cluster: 'absent',
  smb: {
    serverCmdlets: true,
    clientCmdlets: true,
    auditSmb1Access: true,
    optionalFeatureCmdlets: true,
    windowsFeatureCmdlets: true,
  },
});

export const writeStep = (phase: string, control: string, reboot: boolean): PlannedStep => ({
  phase,
  control,
  action: 'write',
  from: { on: false },
  to: { on: true },
  reboot,
  reason: 'off',
});

/** One phase over `hosts` in one wave; members replace what a test is about. */
export function phaseOf(
  name: string,
  hosts: readonly string[],
  members: Partial<PlannedPhase> = {},
): PlannedPhase {
  return {
    name,
    needs: [],
    controls: { [`${name}-control`]: { on: true } },
    reboot: { when: 'needed', timeout: '20m', settle: '2m' },
    waves: [{ name: 'all', hosts: [...hosts], soak: null, gate: null }],
    gates: [],
    soak: null,
    concurrency: 4,
    budget: noBudget,
    ...members,
  };
}

/** A host with one write step a phase that needs a reboot. */
export function hostOf(
  host: string,
  phases: readonly string[],
  members: Partial<PlannedHost> = {},
): PlannedHost {
  return {
    host,
    groups: [],
    role: 'server',
    facts: factsOf(host),
    factDigest: '',
    observedAt: '2026-11-23T19:00:00Z',
    steps: phases.map((phase) => writeStep(phase, `${phase}-control`, true)),
    reboots: [],
    windows: {},
    holds: [],
    risks: [],
    ...members,
  };
}

export function planOf(members: Partial<Plan> & Pick<Plan, 'hosts' | 'phases'>): Plan {
  return {
    schema: planSchemaName,
    createdAt: '2026-11-23T19:00:00Z',
    tool: { name: 'countersign', version: '0.0.0' },
    digest: '0'.repeat(64),
    name: 'test',
    offline: false,
    inputs: {
      inventory: [],
      playbook: { path: 'playbook.yml', sha256: '' },
      calendar: { tzdata: '' },
      pattern: null,
      limit: null,
      extra: {},
    },
    calendar: { windows: {}, freezes: [] },
    sets: [],
    budget: noBudget,
    timetable: [],
    excluded: [],
    risks: [],
    approvals: { required: 0, given: [] },
    ...members,
  };
}
