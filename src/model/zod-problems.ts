import type { z } from 'zod';
import { nearMatch } from '../core/near-match.ts';
import { problem } from './document.ts';
import type { Problem } from './document.ts';
import type { PathStep } from './yaml-node.ts';
import type { YamlSource } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

/** Keys that a map at a path may have, for hints; undefined where that is not known. */
export type KnownKeys = (path: readonly PathStep[]) => readonly string[] | undefined;

/**
 * What a schema found wrong, at the places where it stands. An unknown key points at the key; of a union only the
 * branch that fits best is told.
 */
export function zodProblems(
  issues: readonly Issue[],
  source: YamlSource,
  knownKeys: KnownKeys,
): readonly Problem[] {
  return issues
    .flatMap((issue) => flatten(issue, []))
    .map((issue) => toProblem(issue, source, knownKeys))
    .flat();
}

interface FlatIssue {
  readonly issue: Issue;
  readonly path: readonly PathStep[];
}

function flatten(issue: Issue, prefix: readonly PathStep[]): readonly FlatIssue[] {
  const path = [...prefix, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ issue, path }];
  const branches = issue.errors.map((branch) => branch.flatMap((inner) => flatten(inner, path)));
  const scored = branches.map((branch) => ({ branch, misfit: misfit(branch, path.length) }));
  const [best] = scored.toSorted((a, b) => a.misfit - b.misfit);
  // All branches refuse the value as a whole: name every kind that would do.
  if (best === undefined || best.misfit >= wholeValue) return [{ issue, path }];
  return best.branch;
}

const wholeValue = 1000;

/** How far a branch of a union is from the value: the wrong kind of value is farthest, then keys it does not know. */
function misfit(branch: readonly FlatIssue[], depth: number): number {
  return branch.reduce((total, { issue, path }) => {
    if (path.length === depth && issue.code === 'invalid_type') return total + wholeValue;
    return total + (issue.code === 'unrecognized_keys' ? 10 * issue.keys.length : 1);
  }, 0);
}

function toProblem({ issue, path }: FlatIssue, source: YamlSource, knownKeys: KnownKeys): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.map((key) =>
      problem(source.keyPositionOf(path, key), 'document.unknown-key', {
        key,
        near: known && nearMatch(key, known),
        known: known?.join(', '),
      }),
    );
  }
  const key = path.at(-1);
  if (typeof key === 'string' && isMissing(source, path)) {
    return [problem(source.positionOf(path), 'document.missing-key', { key })];
  }
  return [
    problem(source.positionOf(path), 'document.invalid', { at: dotted(path), reason: reasonOf(issue) }),
  ];
}

function isMissing(source: YamlSource, path: readonly PathStep[]): boolean {
  let value: unknown = source.value;
  for (const step of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return true;
    value = (value as Readonly<Record<PathStep, unknown>>)[step];
  }
  return false;
}

function reasonOf(issue: Issue): string {
  if (issue.code !== 'invalid_union') return lowerFirst(issue.message);
  const kinds = issue.errors.flatMap((branch) => branch.map(({ message }) => lowerFirst(message)));
  return kinds.length === 0 ? lowerFirst(issue.message) : [...new Set(kinds)].join('; or ');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** `phases[2].window`. */
function dotted(path: readonly PathStep[]): string | undefined {
  if (path.length === 0) return undefined;
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`))
    .join('');
}
