import { readFileSync } from 'node:fs';
import { isMap, isNode, isPair, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { SourceProblem } from './source-problem.ts';

export type Path = readonly (string | number)[];
export type Mapping = Readonly<Record<string, unknown>>;

/** A YAML file, and on which line each thing in it stands. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  /** Line of the value at the path, or of the deepest one on the way that exists. */
  lineOf(path: Path): number;
  /** What is thrown where the value at the path is not what it should be. */
  problem(path: Path, reason: string): SourceProblem;
}

/**
 * Reads one YAML document.
 *
 * @param version - `1.1` where the author's words `yes` and `no` are truth values.
 * @throws SourceProblem where the file is missing or is no YAML.
 */
export function readYamlFile(file: string, version: '1.1' | '1.2'): YamlFile {
  const lines = new LineCounter();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new SourceProblem(file, 1, `it cannot be read: ${(cause as NodeJS.ErrnoException).code ?? ''}`);
  }
  const document = parseDocument(text, { version, lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw new SourceProblem(file, lines.linePos(error.pos[0]).line, error.message);
  const lineOf = (path: Path): number => lines.linePos(offsetOf(document, path)).line;
  return {
    file,
    value: document.toJS({ maxAliasCount: 1000 }) as unknown,
    lineOf,
    problem: (path, reason) => new SourceProblem(file, lineOf(path), reason),
  };
}

/** The value as a mapping; undefined for anything else. */
export function asMapping(value: unknown): Mapping | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Mapping)
    : undefined;
}

function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (let depth = 0; ; depth += 1) {
    if (isPair(node)) node = node.value;
    if (isNode(node)) offset = node.range?.[0] ?? offset;
    const step = path[depth];
    if (step === undefined) return offset;
    if (isMap(node)) node = node.items.find(({ key }) => String(key) === String(step));
    else if (isSeq(node) && typeof step === 'number') node = node.items[step];
    else return offset;
    if (isPair(node) && isNode(node.key)) offset = node.key.range?.[0] ?? offset;
  }
}

/** The name under a key, such as a label; empty where there is none. */
export const nameUnder = (mapping: Mapping, key: string): string => textUnder(mapping, key) ?? '';

/** The text under a key; undefined where there is none, or something else. */
export function textUnder(mapping: Mapping, key: string): string | undefined {
  const value = Object.hasOwn(mapping, key) ? mapping[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
