import type { Position } from './document.ts';
import type { PlainValue } from './inventory.ts';

/** A YAML value that knows where it stands. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly value: null | boolean | number | string;
  readonly at: Position;
  /** A tag of Ansible's: `!vault` (the value is ciphertext) or `!unsafe` (the value is no template). */
  readonly tag?: 'vault' | 'unsafe';
}

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly at: Position;
}

export interface YamlMap {
  readonly kind: 'map';
  /** In file order; no key twice. */
  readonly entries: readonly YamlEntry[];
  readonly at: Position;
}

export interface YamlEntry {
  readonly key: string;
  readonly keyAt: Position;
  /** What an unquoted key would be if it were a value; a key such as `10` or `yes` is no text. */
  readonly keyValue: null | boolean | number | string;
  readonly value: YamlNode;
}

/** A step on the way into a document. */
export type PathStep = string | number;

/** The node as plain data. */
export function plainOf(node: YamlNode): PlainValue {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plainOf);
    case 'map':
      return plainRecord(node.entries.map(({ key, value }) => [key, plainOf(value)]));
    default:
      return node satisfies never;
  }
}

/** A record from entries, in which `__proto__` is a key like any other. */
export function plainRecord<T>(entries: Iterable<readonly [string, T]>): Readonly<Record<string, T>> {
  return Object.fromEntries(entries);
}

/** The entry of a key; undefined where the node is no map or lacks it. */
export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
}

/** The value of a key; undefined where the node is no map or lacks it. */
export function memberOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return entryOf(node, key)?.value;
}

/** The items of a list; none where the node is no list. */
export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === 'list' ? node.items : [];
}

/** The entries of a map; none where the node is no map. */
export function entriesOf(node: YamlNode | undefined): readonly YamlEntry[] {
  return node?.kind === 'map' ? node.entries : [];
}

/** The text of a scalar; undefined where the node is no text. */
export function textOf(node: YamlNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** The node at the end of a path, or the deepest that exists on the way to it. */
export function nodeAt(root: YamlNode, path: readonly PathStep[]): YamlNode {
  let node = root;
  for (const step of path) {
    const next = typeof step === 'number' ? itemsOf(node)[step] : memberOf(node, step);
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

/** What a person would call the node's type. */
export function describeNode(node: YamlNode): string {
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a map';
  if (node.value === null) return 'empty';
  return typeof node.value === 'string' ? 'a text' : `a ${typeof node.value}`;
}
