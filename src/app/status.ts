import type { Control, ControlCatalog } from '../control/declaration.ts';
import { formatInstant } from '../core/time.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { matchPattern } from '../inventory/pattern.ts';
import type { Compliance } from '../model/compliance.ts';
import type { ControlState, Observation } from '../model/observation.ts';
import type { Playbook } from '../model/playbook.ts';
import { statusSchemaName } from '../model/status.ts';
import type { ControlStatus, HostStatus, Status } from '../model/status.ts';
import type { Instant } from '../core/time.ts';

/** Parameters that a playbook wants of each host's controls; a later phase beats an earlier one. */
export type WantedControls = ReadonlyMap<string, ReadonlyMap<string, ControlState>>;

export function wantedControls(playbook: Playbook, inventory: Inventory): WantedControls {
  const wanted = new Map<string, Map<string, ControlState>>();
  for (const phase of playbook.phases) {
    const hosts = matchPattern(inventory, phase.hosts ?? playbook.hosts);
    for (const host of hosts.ok ? hosts.value : []) {
      const ofHost = wanted.get(host) ?? new Map<string, ControlState>();
      for (const [id, params] of Object.entries(phase.controls)) ofHost.set(id, params);
      wanted.set(host, ofHost);
    }
  }
  return wanted;
}

/** Judges observations against what the playbook wants; pure. */
export function buildStatus(o: {
  readonly observations: readonly Observation[];
  readonly inventory: Inventory;
  readonly wanted: WantedControls;
  readonly catalog: ControlCatalog;
  readonly at: Instant;
}): Status {
  const groups = new Map(o.inventory.hosts.map((host) => [host.name, host.groups]));
  const hosts = o.observations.map((observation): HostStatus => ({
    host: observation.host,
    groups: [...(groups.get(observation.host) ?? [])],
    reach: observation.reach,
    ...(observation.failure ? { failure: observation.failure } : {}),
    ...(observation.facts ? { facts: observation.facts } : {}),
    ...(observation.clockOffsetMs === undefined ? {} : { clockOffsetMs: observation.clockOffsetMs }),
    controls: [...o.catalog.values()].map((control) =>
      controlStatus(control, observation, o.wanted.get(observation.host)?.get(control.id)),
    ),
  }));
  return { schema: statusSchemaName, at: formatInstant(o.at), hosts, summary: summarise(hosts) };
}

function controlStatus(
  control: Control,
  observation: Observation,
  wanted: ControlState | undefined,
): ControlStatus {
  const base = { id: control.id, ...(wanted === undefined ? {} : { wanted }) };
  const read = observation.controls[control.id];
  if (read === undefined || !observation.facts) {
    return { ...base, found: {}, compliance: 'unknown', reason: observation.failure?.message ?? 'not read' };
  }
  if ('failure' in read) return { ...base, found: {}, compliance: 'unknown', reason: read.failure.message };
  if (wanted === undefined) {
    return {
      ...base,
      found: read.state,
      compliance: 'not-applicable',
      reason: 'no phase of the playbook covers it',
    };
  }
  const { compliance, found, managedBy, blocker, reason } = control.assess(
    read.state,
    wanted,
    observation.facts,
  );
  return {
    ...base,
    found,
    compliance,
    ...(managedBy === undefined ? {} : { managedBy }),
    ...(blocker === undefined ? {} : { blocker }),
    reason,
  };
}

function summarise(hosts: readonly HostStatus[]): Status['summary'] {
  const controls: Record<Compliance, number> = {
    compliant: 0,
    drifted: 0,
    'pending-reboot': 0,
    'not-applicable': 0,
    unknown: 0,
  };
  for (const { compliance } of hosts.flatMap((host) => host.controls)) controls[compliance] += 1;
  const count = (reach: HostStatus['reach']) => hosts.filter((host) => host.reach === reach).length;
  return {
    hosts: hosts.length,
    reachable: count('ok'),
    unreachable: count('unreachable'),
    denied: count('denied'),
    controls,
  };
}
