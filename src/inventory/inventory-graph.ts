import type { Inventory } from './inventory.ts';

/**
 * The tree of groups and hosts as text, in the form of `ansible-inventory --graph`: `@group:`, then its children, then
 * its hosts. A group that stands under several parents is drawn under each.
 */
export function inventoryGraph(inventory: Inventory): string {
  return [...linesOf(inventory, 'all', 0)].join('\n');
}

/** Where many groups share children, the tree grows far beyond the graph; it is cut here, and says so. */
const maxLines = 100_000;

function linesOf({ groups }: Pick<Inventory, 'groups'>, root: string, rootDepth: number): readonly string[] {
  const lines: string[] = [];
  const draw = (name: string, depth: number): void => {
    if (lines.length > maxLines) return;
    lines.push(line(`@${name}:`, depth));
    const group = groups.get(name);
    for (const child of group?.children ?? []) draw(child, depth + 1);
    // Direct members of `all` are drawn where else they belong, at least under `ungrouped`.
    if (name === 'all') return;
    for (const host of group?.hosts ?? []) lines.push(line(host, depth + 1));
  };
  draw(root, rootDepth);
  return lines.length > maxLines ? [...lines.slice(0, maxLines), '… (cut)'] : lines;
}

function line(text: string, depth: number): string {
  return depth === 0 ? text : `${'  |'.repeat(depth)}--${text}`;
}
