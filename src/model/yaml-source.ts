import { err, ok } from '../core/result.ts';
import { problem } from './document.ts';
import type { Position, Problem, Reading } from './document.ts';
import type { PlainValue } from './inventory.ts';
import { buildNodes } from './yaml-build.ts';
import { entryOf, nodeAt, plainOf } from './yaml-node.ts';
import type { PathStep, YamlNode } from './yaml-node.ts';
import { parseYaml } from './yaml-parse.ts';
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
  /** `1.1` reads as PyYAML does, with merge keys. `1.2` is strict; in the others a repeated key wins with a warning. */
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
  const parsed = parseYaml(text, file);
  if (!parsed.ok) return parsed;
  const { document, positionAt } = parsed.value;
  const built = buildNodes(document?.contents ?? null, { version, positionAt });
  return built.ok ? ok(yamlSource(file, built.value)) : built;
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
