import { problem } from '../model/document.ts';
import type { Position, Problem } from '../model/document.ts';
import type { Origin } from '../model/inventory.ts';
import type { YamlNode } from '../model/yaml-node.ts';
import { descendants } from './descendants.ts';

/** A variable as written, before precedence and templates. */
export interface RawVariable {
  readonly name: string;
  readonly node: YamlNode;
  readonly from: Origin;
}

export interface BuiltGroup {
  readonly name: string;
  readonly hosts: Set<string>;
  /** Child group → where it was made one. */
  readonly children: Map<string, Position | undefined>;
  readonly vars: Map<string, RawVariable>;
  /** `ansible_group_priority`. */
  priority: number;
  /** Where it was met first. */
  from: Position | undefined;
}

export interface BuiltHost {
  readonly name: string;
  readonly vars: Map<string, RawVariable>;
}

/** Gathers groups and hosts from the sources, one after the other; later values win. */
export class InventoryBuilder {
  readonly groups = new Map<string, BuiltGroup>();
  readonly hosts = new Map<string, BuiltHost>();
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];

  constructor() {
    this.addGroup('all');
    this.addGroup('ungrouped');
    this.addChild('all', 'ungrouped');
  }

  addGroup(name: string, from?: Position): BuiltGroup {
    const group = this.groups.get(name) ?? newGroup(name);
    group.from ??= from;
    this.groups.set(name, group);
    return group;
  }

  addHost(name: string, group: string): BuiltHost {
    const host = this.hosts.get(name) ?? { name, vars: new Map<string, RawVariable>() };
    this.hosts.set(name, host);
    this.addGroup(group).hosts.add(name);
    return host;
  }

  /** Makes a group a child of another; a cycle is a problem, and the edge is left out. */
  addChild(parent: string, child: string, at?: Position): void {
    const { children } = this.addGroup(parent);
    if (children.has(child)) return;
    const back = child === 'all' ? { at: undefined } : this.#edgeTowards(child, parent);
    if (back === undefined) children.set(child, at);
    else this.problems.push(this.#cycle(parent, child, { at, other: back.at }));
  }

  #cycle(
    parent: string,
    child: string,
    { at, other }: Record<'at' | 'other', Position | undefined>,
  ): Problem {
    const where = other === undefined ? 'by its nature' : `${other.file}:${other.line}:${other.column}`;
    const position = at ?? other ?? { file: '', line: 1, column: 1 };
    return problem(position, 'inventory.cycle', { parent, child, other: where });
  }

  /** The first edge on a way down from `ancestor` to `wanted`; undefined where there is none. */
  #edgeTowards(ancestor: string, wanted: string): { readonly at: Position | undefined } | undefined {
    if (ancestor === wanted) return { at: undefined };
    for (const [child, at] of this.groups.get(ancestor)?.children ?? []) {
      if (child === wanted || this.#below(child).includes(wanted)) return { at };
    }
    return undefined;
  }

  #below(group: string): readonly string[] {
    return descendants(group, (name) => this.groups.get(name)?.children.keys() ?? []);
  }

  /** What Ansible does after the last source: orphans go under `all`, hosts without a group under `ungrouped`. */
  reconcile(): void {
    const withParents = new Set([...this.groups.values()].flatMap(({ children }) => [...children.keys()]));
    for (const name of this.groups.keys()) {
      if (name !== 'all' && !withParents.has(name)) this.addChild('all', name, this.groups.get(name)?.from);
    }
    const ungrouped = this.addGroup('ungrouped');
    const grouped = new Set<string>();
    for (const group of this.groups.values()) {
      if (group.name === 'all' || group.name === 'ungrouped') continue;
      for (const host of group.hosts) grouped.add(host);
    }
    for (const host of this.hosts.keys()) {
      if (grouped.has(host)) ungrouped.hosts.delete(host);
      else ungrouped.hosts.add(host);
    }
  }
}

function newGroup(name: string): BuiltGroup {
  return { name, hosts: new Set(), children: new Map(), vars: new Map(), priority: 1, from: undefined };
}
