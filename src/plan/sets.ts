import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { byCodeUnit } from '../core/json.ts';
import type { RedundancySet } from '../model/inventory.ts';
import type { Observation } from '../model/observation.ts';
import type { PlannedHold, PlannedSet } from '../model/plan.ts';
import type { SetLimit } from './pack.ts';

type Observations = ReadonlyMap<string, Observation>;

export function planSets(sets: readonly RedundancySet[]): PlannedSet[] {
  return sets
    .map(({ name, hosts, minAvailable }) => ({ name, hosts: [...hosts].sort(byCodeUnit), minAvailable }))
    .sort((a, b) => byCodeUnit(a.name, b.name));
}

/** A set as packing sees it: a member that did not answer is down already and uses up the set's slack. */
export function setLimit(set: PlannedSet, observations: Observations): SetLimit {
  const down = downMembers(set, observations);
  const healthy = set.hosts.filter((host) => !down.some((it) => it.host === host));
  return { name: set.name, healthy: new Set(healthy), slack: Math.max(0, healthy.length - set.minAvailable) };
}

/** Why a set can never give a member up, although `rebooting` must reboot; undefined when it can. */
export function whySetForbids(
  set: PlannedSet,
  phase: string,
  rebooting: ReadonlySet<string>,
): Failure | undefined {
  const members = set.hosts.filter((host) => rebooting.has(host));
  if (members.length === 0 || set.hosts.length > set.minAvailable) return undefined;
  return failure('plan.infeasible-set', {
    set: set.name,
    minAvailable: set.minAvailable,
    members: set.hosts.length,
    phase,
    hosts: members.join(', '),
  });
}

/** The hold of a host whose set has no member to spare because others are down; it names them. */
export function holdForSets(
  host: string,
  phase: string,
  { sets, observations }: { sets: readonly PlannedSet[]; observations: Observations },
): PlannedHold | undefined {
  for (const set of sets) {
    const limit = setLimit(set, observations);
    const dead = downMembers(set, observations).map((it) => `${it.host} ${it.why}`);
    if (!limit.healthy.has(host) || limit.slack > 0 || dead.length === 0) continue;
    const reason = `redundancy set ${set.name} keeps ${set.minAvailable} up, and has none to spare: ${dead.join(', ')}`;
    return { phase, code: 'set-below-minimum', reason };
  }
  return undefined;
}

/** Members that cannot be counted on. One that was not observed is not among them: nobody knows that it is down. */
function downMembers(set: PlannedSet, observations: Observations): { host: string; why: string }[] {
  return set.hosts.flatMap((host) => {
    const reach = observations.get(host)?.reach ?? 'ok';
    if (reach === 'ok') return [];
    return [{ host, why: reach === 'denied' ? 'denied the logon' : 'is unreachable' }];
  });
}
