import { Scenario } from '../model/scenario.ts';
import type { BuildName, ScenarioHost } from '../model/scenario.ts';
import { seededChance } from './prng.ts';
import type { Chance } from './prng.ts';

/** A host of an inventory: what it is called, and the groups that tell what it is. */
export interface NamedHost {
  readonly name: string;
  readonly groups: readonly string[];
}

type Kind = 'client' | 'server' | 'domain-controller' | 'cluster';

/** Kinds by what operators call their groups and hosts; the first that fits counts. */
const kindsByName: readonly (readonly [Kind, RegExp])[] = [
  ['domain-controller', /domain.?controllers?|^dcs?([-_0-9]|$)/i],
  ['cluster', /cluster|^sql([-_0-9]|$)/i],
  ['client', /clients?|workstations?|laptops?|desktops?|^(ws|pc|nb|lt)([-_0-9]|$)/i],
];

const clientBuilds: readonly [BuildName, ...BuildName[]] = [
  ...(['windows-10-1809', 'windows-10-22h2', 'windows-10-22h2'] as const),
  ...(['windows-11-23h2', 'windows-11-23h2', 'windows-11-24h2'] as const),
];
const serverBuilds: readonly [BuildName, ...BuildName[]] = [
  ...(['server-2012-r2', 'server-2016', 'server-2016', 'server-2019'] as const),
  ...(['server-2019', 'server-2022', 'server-2022', 'server-2025'] as const),
];
const clusterBuilds: readonly [BuildName, ...BuildName[]] = ['server-2016', 'server-2019', 'server-2022'];

/**
 * Makes a plausible fleet for the hosts of an inventory: clients, servers, domain controllers and cluster nodes after
 * their groups and names, most of them well. Equal seeds give equal fleets, and a host stays as it is when others come.
 */
export function generateScenario(hosts: readonly NamedHost[], seed: string): Scenario {
  return Scenario.parse({ hosts: hosts.map((host) => generateHost(host, seed)) });
}

/** Names and groups for a fleet of so many hosts: clients, and for every few of them servers. */
export function generateHosts(count: number): readonly NamedHost[] {
  const numbers = { ws: 0, fs: 0, app: 0, dc: 0, sql: 0 };
  return Array.from({ length: count }, (_, index) => {
    const kind = pattern[index % pattern.length] ?? 'ws';
    const number = (numbers[kind] += 1);
    return { name: `${kind}-${String(number).padStart(3, '0')}.corp.example`, groups: groupsOf[kind] };
  });
}

const pattern = ['ws', 'ws', 'fs', 'ws', 'app', 'ws', 'dc', 'ws', 'sql', 'ws', 'app', 'ws'] as const;
const groupsOf = {
  ws: ['clients'],
  fs: ['servers', 'file_servers'],
  app: ['servers', 'app_servers'],
  dc: ['servers', 'domain_controllers'],
  sql: ['servers', 'sql_cluster'],
} as const;

function generateHost({ name, groups }: NamedHost, seed: string): Record<string, unknown> {
  const chance = seededChance(`${seed}/scenario/${name}`);
  const kind = kindOf(name, groups);
  const host = {
    ...{ name, groups: groups.filter((group) => group !== 'all' && group !== 'ungrouped') },
    build: buildOf(kind, chance),
    smb1: chance.pick(['as-shipped', 'as-shipped', 'as-shipped', 'on'] as const),
  };
  const special = chance.next();
  return {
    ...host,
    ...(kind === 'domain-controller' ? { role: 'domain-controller' } : {}),
    already: {
      ...(kind === 'cluster' ? { clusterNode: 'Up' } : {}),
      ...(special < 0.05 ? { pendingReboot: ['windows-update'] } : {}),
      clockOffsetMs: chance.between([-2000, 2000]),
    },
    ...(kind === 'client' || kind === 'server' ? { faults: faultsOf(special, chance) } : {}),
  };
}

function kindOf(name: string, groups: readonly string[]): Kind {
  const found = kindsByName.find(([, spelling]) => [...groups, name].some((it) => spelling.test(it)));
  return found?.[0] ?? 'server';
}

function buildOf(kind: Kind, chance: Chance): BuildName {
  if (kind === 'client') return chance.pick(clientBuilds);
  return chance.pick(kind === 'cluster' ? clusterBuilds : serverBuilds);
}

/** About one host in twenty cannot be reached, and one in twenty comes back late or twice. */
function faultsOf(special: number, chance: Chance): ScenarioHost['faults'] {
  if (special > 0.95) return [{ kind: 'unreachable' }];
  if (special < 0.9) return [];
  return chance.next() < 0.5
    ? [{ kind: 'slow-reboot', extraMs: chance.between([200, 800]) }]
    : [{ kind: 'second-reboot', afterMs: chance.between([50, 200]) }];
}
