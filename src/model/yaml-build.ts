import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Node, Pair, Scalar } from 'yaml';
import { err, ok } from '../core/result.ts';
import { problem } from './document.ts';
import type { Position, Problem, Reading } from './document.ts';
import type { YamlEntry, YamlNode, YamlScalar } from './yaml-node.ts';
import { resolveScalar } from './yaml-scalar.ts';
import type { ScalarValue, YamlVersion } from './yaml-scalar.ts';

/** Deepest nesting of a document. */
export const maxDepth = 64;
/** Most values in a document, aliases expanded. */
export const maxNodes = 500_000;

export interface BuildOptions {
  readonly version: YamlVersion;
  readonly positionAt: (offset: number) => Position;
}

export interface BuiltDocument {
  readonly root: YamlNode;
  readonly warnings: readonly Problem[];
}

/** Turns the parser's tree into nodes with positions; aliases and merge keys are resolved. */
export function buildNodes(contents: Node | null, options: BuildOptions): Reading<BuiltDocument> {
  const builder = new NodeBuilder(options);
  const root = builder.build(contents, options.positionAt(0), 0);
  const { problems, warnings } = builder;
  return problems.length > 0 ? err(problems) : ok({ root, warnings });
}

interface Anchor {
  readonly node: YamlNode;
  /** Values that the anchored node expands to. */
  readonly size: number;
  /** Levels below it. */
  readonly height: number;
}

class NodeBuilder {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly #options: BuildOptions;
  readonly #anchors = new Map<string, Anchor>();
  #count = 0;
  #deepest = 0;

  constructor(options: BuildOptions) {
    this.#options = options;
  }

  build(node: Node | null, otherwiseAt: Position, depth: number): YamlNode {
    const at = this.#position(node) ?? otherwiseAt;
    const [before, deepest] = [this.#count, this.#deepest];
    this.#deepest = depth;
    if (!this.#admit(1, depth, at)) return empty(at);
    if (node === null) return empty(at);
    if (isAlias(node)) return this.#alias(node.source, at, depth);
    const built = this.#content(node, at, depth);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    // Set only now: an alias inside its own anchor refers to nothing yet, so no cycle can arise.
    if (anchor !== undefined) {
      const [size, height] = [this.#count - before, this.#deepest - depth];
      this.#anchors.set(anchor, { node: built, size, height });
    }
    this.#deepest = Math.max(this.#deepest, deepest);
    return built;
  }

  #content(node: Node, at: Position, depth: number): YamlNode {
    if (isScalar(node)) return this.#scalar(node, at);
    this.#refuseTag(node, at);
    if (isSeq<Node>(node)) {
      return { kind: 'list', at, items: node.items.map((item) => this.build(item, at, depth + 1)) };
    }
    if (isMap<Node, Node | null>(node)) {
      return { kind: 'map', at, entries: this.#entries(node.items, at, depth + 1) };
    }
    return empty(at);
  }

  #alias(name: string, at: Position, depth: number): YamlNode {
    const anchor = this.#anchors.get(name);
    if (anchor === undefined) {
      this.problems.push(problem(at, 'yaml.alias', { alias: name }));
      return empty(at);
    }
    return this.#admit(anchor.size, depth + anchor.height, at) ? anchor.node : empty(at);
  }

  #scalar(node: Scalar, at: Position): YamlScalar {
    const text = textOfScalar(node);
    const tag = node.tag ?? (node.type === 'PLAIN' ? undefined : '!');
    switch (tag) {
      case undefined:
        return { kind: 'scalar', at, value: resolveScalar(text, this.#options.version) };
      case '!':
      case 'tag:yaml.org,2002:str':
        return { kind: 'scalar', at, value: text };
      case 'tag:yaml.org,2002:bool':
      case 'tag:yaml.org,2002:float':
      case 'tag:yaml.org,2002:int':
      case 'tag:yaml.org,2002:null':
        return { kind: 'scalar', at, value: resolveScalar(text, this.#options.version) };
      case '!unsafe':
      case '!vault':
      case '!vault-encrypted':
        if (this.#options.version === '1.1') {
          return { kind: 'scalar', at, value: text, tag: tag === '!unsafe' ? 'unsafe' : 'vault' };
        }
        break;
    }
    this.problems.push(problem(at, 'yaml.tag', { tag }));
    return empty(at);
  }

  /** Maps and lists carry no tag but their own. */
  #refuseTag(node: Node, at: Position): void {
    const tag = 'tag' in node ? node.tag : undefined;
    if (tag === undefined || /^(?:!|tag:yaml\.org,2002:(?:map|seq|omap))$/.test(tag)) return;
    this.problems.push(problem(at, 'yaml.tag', { tag }));
  }

  #entries(pairs: readonly Pair<Node, Node | null>[], mapAt: Position, depth: number): readonly YamlEntry[] {
    const own = new Map<string, YamlEntry>();
    const merged = new Map<string, YamlEntry>();
    for (const pair of pairs) {
      const key = this.#key(pair.key, mapAt);
      const value = this.build(pair.value, key?.keyAt ?? mapAt, depth);
      if (key === undefined) continue;
      if (key.isMerge) this.#merge(value, merged);
      else this.#put(own, { key: key.key, keyAt: key.keyAt, keyValue: key.keyValue, value });
    }
    // As in PyYAML: merged keys come first and lose against the map's own.
    const ahead = [...merged.values()].filter(({ key }) => !own.has(key));
    return [...ahead, ...own.values()];
  }

  #put(entries: Map<string, YamlEntry>, entry: YamlEntry): void {
    const earlier = entries.get(entry.key);
    if (earlier !== undefined) {
      const found = problem(entry.keyAt, 'yaml.duplicate-key', { key: entry.key, line: earlier.keyAt.line });
      (this.#options.version === '1.2' ? this.problems : this.warnings).push(found);
    }
    entries.set(entry.key, entry);
  }

  /** Earlier maps of a merge list win over later ones. */
  #merge(value: YamlNode, merged: Map<string, YamlEntry>): void {
    for (const source of value.kind === 'list' ? value.items : [value]) {
      if (source.kind !== 'map') {
        this.problems.push(problem(source.at, 'yaml.key', { what: 'a merge key without a map' }));
        continue;
      }
      for (const entry of source.entries) if (!merged.has(entry.key)) merged.set(entry.key, entry);
    }
  }

  #key(node: Node, mapAt: Position) {
    const keyAt = this.#position(node) ?? mapAt;
    if (!isScalar(node)) {
      this.problems.push(problem(keyAt, 'yaml.key', { what: isAlias(node) ? 'an alias' : 'a map or list' }));
      return undefined;
    }
    const key = textOfScalar(node);
    const isPlain = node.type === 'PLAIN';
    const keyValue: ScalarValue = isPlain ? resolveScalar(key, this.#options.version) : key;
    return { key, keyAt, keyValue, isMerge: isPlain && key === '<<' && this.#options.version === '1.1' };
  }

  /** Counts values and levels; says once when there are too many, and then admits none. */
  #admit(nodes: number, depth: number, at: Position): boolean {
    this.#deepest = Math.max(this.#deepest, depth);
    const isOver = this.#count > maxNodes;
    this.#count += nodes;
    if (isOver) return false;
    if (this.#count > maxNodes) {
      const what = 'has too many values, aliases expanded';
      this.problems.push(problem(at, 'document.too-large', { what, limit: maxNodes }));
      return false;
    }
    if (depth <= maxDepth) return true;
    this.#count = maxNodes + 1;
    const what = 'is nested too deeply';
    this.problems.push(problem(at, 'document.too-large', { what, limit: `${maxDepth} levels` }));
    return false;
  }

  #position(node: Node | null): Position | undefined {
    const offset = node?.range?.[0];
    return offset === undefined ? undefined : this.#options.positionAt(offset);
  }
}

/** The failsafe schema leaves every scalar a text; null is what an empty place gives. */
function textOfScalar({ value }: Scalar): string {
  return typeof value === 'string' ? value : '';
}

function empty(at: Position): YamlScalar {
  return { kind: 'scalar', value: null, at };
}
