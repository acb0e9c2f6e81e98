import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { byCodeUnit } from '../core/json.ts';
import { problem } from '../model/document.ts';
import type { Problem } from '../model/document.ts';
import type { Host, HostVariable, PlainValue } from '../model/inventory.ts';
import { plainOf } from '../model/yaml-node.ts';
import type { BuiltGroup, InventoryBuilder, RawVariable } from './builder.ts';
import { isUsedVariable } from './connection-names.ts';
import { groupsByHost } from './group-order.ts';
import { AdjacentVariables, variablesOf } from './host-variables.ts';
import type { InputReader } from './input-reader.ts';
import { positionOf } from './position-of.ts';
import { HostResolver } from './resolve.ts';
import type { Environment, Missing, Wrong } from './resolve.ts';
import { isSecretName } from './secret-name.ts';

export interface HostsInput {
  readonly builder: InventoryBuilder;
  readonly reader: InputReader;
  /** Where `group_vars` and `host_vars` may stand. */
  readonly folders: readonly string[];
  readonly env: Environment;
  readonly extra: Readonly<Record<string, string>>;
}

export interface ResolvedHosts {
  readonly hosts: readonly Host[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Gives every host its groups and its variables, with templates resolved. */
export function resolveHosts({ builder, reader, folders, env, extra }: HostsInput): ResolvedHosts {
  const adjacent = new AdjacentVariables(reader, folders);
  const groups = groupsByHost(builder.groups);
  const extras = Object.entries(extra).map(([name, value]) => extraVariable(name, value));
  const unresolved = new UnresolvedReport();
  const hosts = [...builder.hosts.values()].map((host) => {
    const ofHost = groups.get(host.name) ?? [];
    const variables = variablesOf({ host, groups: ofHost, adjacent, extra: extras });
    return resolveHost(host.name, { groups: ofHost, variables, env, unresolved });
  });
  const warnings = [...adjacent.warnings, ...adjacent.unused(builder), ...unresolved.warnings()];
  return { hosts, problems: unresolved.problems(), warnings };
}

function extraVariable(name: string, value: string): RawVariable {
  const at = { file: '-e', line: 1, column: 1 };
  return { name, node: { kind: 'scalar', value, at }, from: { file: '-e' } };
}

interface HostParts {
  readonly groups: readonly BuiltGroup[];
  readonly variables: ReadonlyMap<string, RawVariable>;
  readonly env: Environment;
  readonly unresolved: UnresolvedReport;
}

function resolveHost(name: string, { groups, variables, env, unresolved }: HostParts): Host {
  const groupNames = groups.map((group) => group.name).sort(byCodeUnit);
  const facts = new Map<string, PlainValue>([
    ['inventory_hostname', name],
    ['inventory_hostname_short', name.split('.')[0] ?? name],
    ['group_names', groupNames.filter((group) => group !== 'all')],
  ]);
  const resolver = new HostResolver({ variables, facts, environment: env });
  const vars = new Map<string, HostVariable>();
  for (const raw of variables.values()) {
    const resolved = resolver.variable(raw.name);
    if (resolved.kind === 'value') {
      vars.set(raw.name, { value: resolved.value, from: raw.from, secret: resolved.secret });
      continue;
    }
    const why = unresolved.add(name, raw, resolved);
    const secret = isSecretName(raw.name);
    vars.set(raw.name, { value: plainOf(raw.node), from: raw.from, secret, unresolved: why });
  }
  return { name, groups: groupNames, vars };
}

interface UnresolvedTemplate {
  readonly raw: RawVariable;
  readonly why: Missing | Wrong;
  readonly hosts: string[];
}

/** Templates that could not be resolved: one entry for each place and reason, however many hosts it hits. */
class UnresolvedReport {
  readonly #found = new Map<string, UnresolvedTemplate>();

  add(host: string, raw: RawVariable, why: Missing | Wrong): Failure {
    const key = JSON.stringify([raw.name, raw.from, why.reason]);
    const entry = this.#found.get(key) ?? { raw, why, hosts: [] };
    entry.hosts.push(host);
    this.#found.set(key, entry);
    return describe({ raw, why, hosts: [host] });
  }

  /** Mistakes in variables that we use. */
  problems(): readonly Problem[] {
    return [...this.#found.values()].filter(isMistake).map(toProblem);
  }

  /** Everything else: what only the environment lacks, and variables that nothing here reads. */
  warnings(): readonly Problem[] {
    return [...this.#found.values()].filter((it) => !isMistake(it)).map(toProblem);
  }
}

function isMistake({ raw, why }: UnresolvedTemplate): boolean {
  return isUsedVariable(raw.name) && environmentOf(why) === undefined;
}

function environmentOf(why: Missing | Wrong): string | undefined {
  return why.kind === 'missing' ? why.environment : undefined;
}

function describe({ raw, why, hosts: [first = '', ...others] }: UnresolvedTemplate): Failure {
  const host = others.length === 0 ? first : `${first} (and ${others.length} more)`;
  const name = environmentOf(why);
  const details = { variable: raw.name, host, reason: why.reason, name };
  return failure(name === undefined ? 'inventory.template' : 'inventory.environment', details);
}

function toProblem(it: UnresolvedTemplate): Problem {
  const { code, details } = describe(it);
  return problem(positionOf(it.raw.from), code, details);
}
