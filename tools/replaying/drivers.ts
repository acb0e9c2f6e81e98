import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SourceProblem } from './source-problem.ts';
import { asMapping, readYamlFile, textUnder } from './yaml-file.ts';
import type { Mapping, Path, YamlFile } from './yaml-file.ts';

/** One recording, and what the client did in it. */
export interface Driver {
  /** As written: relative to the folder of `drivers.yaml`. */
  readonly file: string;
  /** Where the recording is. */
  readonly path: string;
  readonly line: number;
  readonly steps: readonly Step[];
  /** Why the entry cannot be played. */
  readonly problem: SourceProblem | undefined;
}

/** One act of the client, in the vocabulary of `winrm-exchanges/INDEX.md` §4. */
export interface Step {
  readonly verb: string;
  readonly arguments: Mapping;
  /** What must come of it; undefined where nothing is said. */
  readonly expect: Mapping | undefined;
  /** First and last message of the recording that it covers. */
  readonly messages: readonly [number, number];
  /** `file:line` of the step. */
  readonly place: string;
  /** What is wrong with the step, for a reader who must go and look. */
  problem(reason: string): SourceProblem;
}

const aside: ReadonlySet<string> = new Set(['expect', 'messages', 'notes', 'facts']);

/**
 * Reads `drivers.yaml` in a folder. What is wrong with one entry is kept with it, so that the others can be played.
 *
 * @throws SourceProblem where there is no such file, or it is no list of recordings.
 */
export function readDrivers(folder: string): readonly Driver[] {
  const source = readYamlFile(join(folder, 'drivers.yaml'), '1.2');
  if (!Array.isArray(source.value)) throw source.problem([], 'it is no list of recordings');
  return source.value.map((entry: unknown, index) => {
    const about = asMapping(entry) ?? {};
    const file = textUnder(about, 'file') ?? `entry ${index}`;
    const common = { file, path: join(folder, file), line: source.lineOf([index]) };
    try {
      return { ...common, steps: readSteps(source, common.path, about, index), problem: undefined };
    } catch (problem) {
      if (!(problem instanceof SourceProblem)) throw problem;
      return { ...common, steps: [], problem };
    }
  });
}

function readSteps(source: YamlFile, path: string, about: Mapping, index: number): readonly Step[] {
  if (textUnder(about, 'file') === undefined) throw source.problem([index], 'the entry names no file');
  if (!existsSync(path)) throw source.problem([index, 'file'], `there is no recording ${path}`);
  const steps = about['steps'];
  if (!Array.isArray(steps)) throw source.problem([index], 'the entry has no list of steps');
  return steps.map((step: unknown, at) => readStep(source, [index, 'steps', at], step));
}

function readStep(source: YamlFile, path: Path, value: unknown): Step {
  const step = asMapping(value);
  if (step === undefined) throw source.problem(path, 'the step is no mapping');
  const [verb, ...others] = Object.keys(step).filter((key) => !aside.has(key));
  if (verb === undefined) throw source.problem(path, 'the step has no verb');
  if (others.length > 0)
    throw source.problem(path, `the step has several verbs: ${verb}, ${others.join(', ')}`);
  const expect = step['expect'];
  if (expect !== undefined && asMapping(expect) === undefined) {
    throw source.problem([...path, 'expect'], 'what is expected is no mapping');
  }
  return {
    verb,
    arguments: asMapping(step[verb]) ?? {},
    expect: asMapping(expect),
    messages: readRange(source, path, step['messages']),
    place: `${source.file}:${source.lineOf(path)}`,
    problem: (reason) => source.problem(path, reason),
  };
}

function readRange(source: YamlFile, path: Path, range: unknown): readonly [number, number] {
  // A step that sends nothing covers nothing.
  if (range === undefined || range === null || (Array.isArray(range) && range.length === 0)) return [0, -1];
  if (Array.isArray(range) && range.length === 2 && range.every((bound) => Number.isInteger(bound))) {
    return [range[0] as number, range[1] as number];
  }
  throw source.problem([...path, 'messages'], 'the messages are no pair of a first and a last one');
}
