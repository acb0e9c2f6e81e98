import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { err, ok } from '../core/result.ts';
import { problem } from './document.ts';
import type { Position, Problem, Reading } from './document.ts';
import type { PlainValue } from './inventory.ts';
import { buildNodes, maxDepth } from './yaml-build.ts';
import { entryOf, nodeAt, plainOf } from './yaml-node.ts';
import type { PathStep, YamlNode } from './yaml-node.ts';
import type { YamlVersion } from './yaml-scalar.ts';

/** Largest document, in UTF-16 code units. */
export const maxDocumentLength = 10_000_000;

/** A YAML document, read: its value, and where everything in it stands. */
export interface YamlSource {
  readonly file: string;
  readonly root: YamlNode;
  readonly value: PlainValue;
  /** Duplicate keys, where they are allowed. */
  readonly warnings: readonly Problem[];
  /** Where the value at the path stands, or the deepest one on the way that exists. */
  positionOf(path: readonly PathStep[]): Position;
  /** Where a key of the map at the path stands; the map itself where it lacks the key. */
  keyPositionOf(path: readonly PathStep[], key: string): Position;
}

export interface YamlOptions {
  /** `1.1` reads as PyYAML does, with merge keys; a repeated key wins with a warning. `1.2` is strict. */
  readonly version: YamlVersion;
}

/**
 * Reads one YAML document of bounded size, depth and expansion.
 *
 * @param file - Name for the positions.
 * @returns Every problem found: `yaml.syntax`, `yaml.duplicate-key`, `yaml.key`, `yaml.alias`, `yaml.tag`,
 *   `document.too-large`.
 */
export function readYaml(text: string, file: string, { version }: YamlOptions): Reading<YamlSource> {
  const start = { file, line: 1, column: 1 };
  if (text.length > maxDocumentLength) {
    const what = `has ${text.length} characters`;
    return err([problem(start, 'document.too-large', { what, limit: maxDocumentLength })]);
  }
  const lines = new LineCounter();
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const document = parseBounded(text, lines);
  if (document === undefined) return err([tooDeep(start)]);
  const broken = document.errors.map((error) =>
    problem(positionAt(error.pos[0]), 'yaml.syntax', { reason: error.message }),
  );
  if (broken.length > 0) return err(broken);
  const built = buildNodes(document.contents, { version, positionAt });
  return built.ok ? ok(yamlSource(file, built.value)) : built;
}

function tooDeep(at: Position): Problem {
  return problem(at, 'document.too-large', { what: 'is nested too deeply', limit: `${maxDepth} levels` });
}

/** Undefined when the nesting exhausts the parser's stack, the one thing for which it throws. */
function parseBounded(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  try {
    // Only texts, maps and lists: what a scalar means is decided in yaml-scalar.ts, duplicate keys in yaml-build.ts.
    return parseDocument(text, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter,
      logLevel: 'silent',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function yamlSource(file: string, { root, warnings }: { root: YamlNode; warnings: readonly Problem[] }) {
  return {
    file,
    root,
    value: plainOf(root),
    warnings,
    positionOf: (path: readonly PathStep[]) => nodeAt(root, path).at,
    keyPositionOf(path: readonly PathStep[], key: string) {
      const node = nodeAt(root, path);
      return entryOf(node, key)?.keyAt ?? node.at;
    },
  };
}
