import { nearMatch } from '../core/near-match.ts';
import { problem } from '../model/document.ts';
import type { Problem } from '../model/document.ts';
import { entriesOf } from '../model/yaml-node.ts';
import type { BuiltGroup, BuiltHost, InventoryBuilder, RawVariable } from './builder.ts';
import { extensionOf, joinPath, listFolder } from './files.ts';
import type { InputReader } from './input-reader.ts';
import { rawVariable } from './read-groups.ts';
import { readVariablesFile } from './read-source.ts';
import { variablesFolder } from './variables-files.ts';
import type { VariablesFolder } from './variables-files.ts';

type Kind = 'group' | 'host';

/** What `group_vars` and `host_vars` beside the sources hold, read when first asked for. */
export class AdjacentVariables {
  readonly warnings: Problem[] = [];
  readonly #reader: InputReader;
  readonly #folders: readonly (Readonly<Record<Kind, VariablesFolder>> & { readonly path: string })[];
  readonly #known = new Map<string, readonly RawVariable[]>();

  constructor(reader: InputReader, folders: readonly string[]) {
    this.#reader = reader;
    this.#folders = folders.map((path) => ({
      path,
      group: variablesFolder(reader.files, joinPath(path, 'group_vars')),
      host: variablesFolder(reader.files, joinPath(path, 'host_vars')),
    }));
  }

  /** Variables of several groups (or of one host): folder by folder, within each in the order of the names. */
  of(kind: Kind, names: readonly string[]): readonly RawVariable[] {
    return this.#folders.flatMap((folder) =>
      names.flatMap((name) => folder[kind](name).flatMap((path) => this.#file(path, name, kind))),
    );
  }

  #file(path: string, owner: string, kind: Kind): readonly RawVariable[] {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const entries = entriesOf(this.#reader.read(path, readVariablesFile)?.root);
    const priority = entries.find(({ key }) => key === 'ansible_group_priority');
    if (kind === 'group' && priority !== undefined) {
      const reason = 'has no effect in group_vars';
      this.warnings.push(problem(priority.keyAt, 'inventory.priority', { reason }));
    }
    const variables = entries.map((entry) => rawVariable(entry, owner));
    this.#known.set(path, variables);
    return variables;
  }

  /** Files that are named after no group or host, and so are used by nobody. */
  unused({ groups, hosts }: InventoryBuilder): readonly Problem[] {
    return this.#folders.flatMap(({ path }) => [
      ...this.#strangers(joinPath(path, 'group_vars'), { kind: 'group', names: groups }),
      ...this.#strangers(joinPath(path, 'host_vars'), { kind: 'host', names: hosts }),
    ]);
  }

  #strangers(
    folder: string,
    { kind, names }: { readonly kind: Kind; readonly names: ReadonlyMap<string, unknown> },
  ): readonly Problem[] {
    return listFolder(this.#reader.files, folder).flatMap((entry) => {
      if (entry.name.startsWith('.') || entry.name.endsWith('~') || names.has(entry.name)) return [];
      const ending = extensionOf(entry.name);
      const isKnownEnding = /^\.(?:ya?ml|json)$/.test(ending);
      const name = isKnownEnding ? entry.name.slice(0, -ending.length) : entry.name;
      if (names.has(name)) return [];
      const at = { file: entry.path, line: 1, column: 1 };
      return [problem(at, 'inventory.unused-vars', { kind, name, near: nearMatch(name, names.keys()) })];
    });
  }
}

export interface PrecedenceInput {
  readonly host: BuiltHost;
  /** All groups of the host, from the weakest to the strongest; `all` first. */
  readonly groups: readonly BuiltGroup[];
  readonly adjacent: AdjacentVariables;
  readonly extra: readonly RawVariable[];
}

/**
 * The variables of one host by Ansible's precedence; a stronger value replaces a weaker one whole.
 *
 * From weak to strong: groups in the files, `group_vars/all`, other `group_vars`, the host in the files, `host_vars`,
 * `-e`.
 *
 * @see https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_variables.html#understanding-variable-precedence
 */
export function variablesOf({
  host,
  groups,
  adjacent,
  extra,
}: PrecedenceInput): ReadonlyMap<string, RawVariable> {
  const others = groups.map(({ name }) => name).filter((name) => name !== 'all');
  const layers = [
    ...groups.map(({ vars }) => vars.values()),
    adjacent.of('group', ['all']),
    adjacent.of('group', others),
    host.vars.values(),
    adjacent.of('host', [host.name]),
    extra,
  ];
  const variables = new Map<string, RawVariable>();
  for (const layer of layers) for (const variable of layer) variables.set(variable.name, variable);
  return variables;
}
