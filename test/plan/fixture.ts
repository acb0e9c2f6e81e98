import { controlCatalog } from '../../src/controls/catalog.ts';
import type { Result } from '../../src/core/result.ts';
import { unwrap } from '../../src/core/result.ts';
import { formatInstant, parseInstant } from '../../src/core/time.ts';
import type { Instant } from '../../src/core/time.ts';
import { matchPattern } from '../../src/inventory/pattern.ts';
import { Facts } from '../../src/model/facts.ts';
import type { Host, HostVariable, PlainValue, RedundancySet } from '../../src/model/inventory.ts';
import type { ControlState, Observation } from '../../src/model/observation.ts';
import type { Plan, PlannedHost } from '../../src/model/plan.ts';
import { playbookSchema } from '../../src/model/playbook.ts';
import type { Playbook } from '../../src/model/playbook.ts';
import { z } from 'zod';
import { buildPlan } from '../../src/plan/build-plan.ts';
import type { PlanRequest } from '../../src/plan/request.ts';

export const at = (text: string): Instant => parseInstant(text)!;
/** A Monday noon. */
export const now = at('2026-11-23T11:00:00Z');

const anyControls = z.record(
  z.string(),
  z.record(z.string(), z.union([z.boolean(), z.number(), z.string()])),
);

export const nights = {
  days: ['mon', 'tue', 'wed', 'thu'],
  start: '22:00',
  duration: '6h',
  timezone: 'Europe/Berlin',
};
export const weekend = { days: ['sat'], start: '22:00', duration: '8h', timezone: 'Europe/Berlin' };

/** A playbook of the given phases, with the windows `nights`, `weekend` and `now`. */
export function playbook(phases: readonly object[], rest: object = {}): Playbook {
  const windows = { nights, weekend, now: { always: true } };
  return playbookSchema(anyControls).parse({ version: 1, name: 'SMB hardening', windows, phases, ...rest });
}

/** Removes SMB1, which takes a reboot. */
export const removal = {
  name: 'disable-smb1',
  window: 'nights',
  controls: { 'smb1-feature': { installed: false } },
};
/** Needs no reboot. */
export const signing = {
  name: 'server-signing',
  window: 'nights',
  controls: { 'smb-server-signing': { require: true } },
};

export const states = {
  smb1Enabled: feature('Enabled'),
  smb1Pending: feature('DisablePending'),
  smb1Disabled: feature('Disabled'),
  signingOff: toggle('require', false),
  signingOn: toggle('require', true),
} as const;

function feature(state: string): ControlState {
  return {
    feature: state,
    client: state,
    server: state,
    automaticRemoval: 'Disabled',
    roleFeature: 'unsupported',
    driverStart: 2,
    driverDependency: true,
    policy: 'absent',
    policyValue: 'absent',
  };
}

function toggle(field: string, value: boolean): ControlState {
  return {
    [field]: value,
    registryValue: Number(value),
    enableValue: 0,
    policy: 'absent',
    policyValue: 'absent',
  };
}

export function managed(state: ControlState, value: number): ControlState {
  return { ...state, policy: 'Default Domain Policy', policyValue: value };
}

export type FactsChange = Partial<Omit<Facts, 'os'>> & { os?: Partial<Facts['os']> };

export function factsOf(host: string, change: FactsChange = {}): Facts {
  const { os, ...rest } = change;
  return Facts.parse({
    bootTime: '2026-11-01T03:00:00Z',
    bootId: 7,
    hostTime: formatInstant(now),
    pendingReboot: [],
    servicing: 'idle',
    services: { LanmanServer: 'Running' },
    os: {
      build: 20348,
      revision: 1,
      caption: 'Windows Server 2022',
      edition: 'Standard',
      role: 'workstation',
      ...os,
    },
    computerName: host.toUpperCase(),
    domain: 'corp.example',
    powershell: '5.1.20348.1',
    smb: {
      serverCmdlets: true,
      clientCmdlets: true,
      auditSmb1Access: true,
      optionalFeatureCmdlets: true,
      windowsFeatureCmdlets: false,
    },
    cluster: 'absent',
    ...rest,
  });
}

/** A workstation that has SMB1 and does not sign. */
export function stock(
  host: string,
  change: FactsChange = {},
  controls: Record<string, ControlState> = {},
): Observation {
  const state = {
    'smb1-audit': { enabled: false },
    'smb1-server': toggle('enabled', true),
    'smb1-feature': states.smb1Enabled,
    'smb-client-signing': states.signingOff,
    'smb-server-signing': states.signingOff,
    ...controls,
  };
  const readings = Object.entries(state).map(([id, it]) => [id, { state: it }]);
  return {
    host,
    at: formatInstant(now),
    reach: 'ok',
    facts: factsOf(host, change),
    controls: Object.fromEntries(readings),
  };
}

export function unanswered(host: string, reach: 'unreachable' | 'denied' = 'unreachable'): Observation {
  const code = reach === 'denied' ? 'auth.denied' : 'net.timeout';
  const failure = {
    code,
    message: `Connecting to ${host}:5985 took 5.013 s`,
    blame: 'network',
    retry: 'later',
  };
  return { host, at: formatInstant(now), reach, failure, controls: {} };
}

/** Host names `ws-001` … */
export function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${String(index + 1).padStart(3, '0')}`);
}

export interface Fleet {
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly vars?: Readonly<Record<string, Readonly<Record<string, PlainValue>>>>;
  /** Members by name of the set, or members with the fewest that must be up. */
  readonly sets?: readonly { name: string; hosts: readonly string[]; minAvailable: number }[];
}

export function inventoryOf({ groups, vars = {}, sets = [] }: Fleet): PlanRequest['inventory'] {
  const hostNames = [...new Set(Object.values(groups).flat())];
  const hosts: Host[] = hostNames.map((name) => ({
    name,
    groups: ['all', ...Object.keys(groups).filter((group) => groups[group]!.includes(name))].sort(),
    vars: new Map(Object.entries(vars[name] ?? {}).map(([key, value]) => [key, variable(value)])),
  }));
  const groupMap = new Map(
    Object.entries(groups).map(([name, members]) => [name, { hosts: members, children: [] as string[] }]),
  );
  groupMap.set('all', { hosts: hostNames, children: [] });
  const subject = { hosts, groups: groupMap };
  const redundancy: RedundancySet[] = sets.map((set) => ({
    pattern: set.name,
    from: { file: 'countersign.yml' },
    ...set,
  }));
  return { hosts, sets: redundancy, match: (pattern) => matchPattern(subject, pattern) };
}

function variable(value: PlainValue): HostVariable {
  return { value, from: { file: 'hosts.yml', line: 12, group: 'file_servers' }, secret: false };
}

export type Change = Partial<Omit<PlanRequest, 'playbook' | 'inventory' | 'observations'>>;

export function requestOf(o: {
  fleet: Fleet;
  playbook: Playbook;
  /** Differing observations; every other host is stock. */
  observations?: readonly Observation[];
  change?: Change;
}): PlanRequest {
  const inventory = inventoryOf(o.fleet);
  const observations = new Map(inventory.hosts.map(({ name }) => [name, stock(name)]));
  for (const it of o.observations ?? []) observations.set(it.host, it);
  return {
    playbook: o.playbook,
    inventory,
    observations,
    catalog: controlCatalog,
    inputs: {
      inventory: [{ path: 'hosts.yml', sha256: 'aa' }],
      playbook: { path: 'smb.yml', sha256: 'bb' },
      calendar: { tzdata: 'Europe/Berlin@1' },
      pattern: null,
      limit: null,
      extra: {},
    },
    now,
    tool: { name: 'countersign', version: '0.1.0' },
    offline: false,
    ...o.change,
  };
}

export function tryPlan(o: Parameters<typeof requestOf>[0]): Result<Plan> {
  return buildPlan(requestOf(o));
}

export function plan(o: Parameters<typeof requestOf>[0]): Plan {
  return unwrap(tryPlan(o));
}

export function hostOf(it: Plan, name: string): PlannedHost {
  return it.hosts.find(({ host }) => host === name)!;
}

export const riskCodes = (it: { risks: readonly { code: string }[] }): string[] =>
  it.risks.map(({ code }) => code);
