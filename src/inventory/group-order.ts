import { byCodeUnit } from '../core/json.ts';
import type { BuiltGroup } from './builder.ts';

type Groups = ReadonlyMap<string, BuiltGroup>;

/** Length of the longest way from `all` down to each group. */
export function groupDepths(groups: Groups): ReadonlyMap<string, number> {
  const parents = parentsOf(groups);
  const depths = new Map<string, number>();
  // The builder lets no cycle in, so this ends.
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const depth = Math.max(-1, ...(parents.get(name) ?? []).map(depthOf)) + 1;
    depths.set(name, depth);
    return depth;
  };
  for (const name of groups.keys()) depthOf(name);
  return depths;
}

/** Every group's direct parents. */
function parentsOf(groups: Groups): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, string[]>();
  for (const { name, children } of groups.values()) {
    for (const child of children.keys()) parents.set(child, [...(parents.get(child) ?? []), name]);
  }
  return parents;
}

/** All groups that a host is in, from the weakest to the strongest: by depth, `ansible_group_priority`, name. */
export function groupsByHost(groups: Groups): ReadonlyMap<string, readonly BuiltGroup[]> {
  const depths = groupDepths(groups);
  const parents = parentsOf(groups);
  const ordered = [...groups.values()].sort(
    (a, b) =>
      (depths.get(a.name) ?? 0) - (depths.get(b.name) ?? 0) ||
      a.priority - b.priority ||
      byCodeUnit(a.name, b.name),
  );
  const ancestry = new Map<string, ReadonlySet<string>>();
  const withAncestors = (name: string): ReadonlySet<string> => {
    const known = ancestry.get(name);
    if (known !== undefined) return known;
    const found = new Set([
      name,
      ...(parents.get(name) ?? []).flatMap((parent) => [...withAncestors(parent)]),
    ]);
    ancestry.set(name, found);
    return found;
  };
  const names = new Map<string, Set<string>>();
  for (const group of ordered) {
    for (const host of group.hosts) {
      const ofHost = names.get(host) ?? new Set<string>();
      for (const name of withAncestors(group.name)) ofHost.add(name);
      names.set(host, ofHost);
    }
  }
  return new Map([...names].map(([host, member]) => [host, ordered.filter(({ name }) => member.has(name))]));
}
