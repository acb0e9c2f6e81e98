import { failure } from '../core/failure.ts';
import type { Failure, FailureCode } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import type { Result } from '../core/result.ts';

/** Where something stands in a file; lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong, or doubtful, in a file that a person wrote. */
export interface Problem extends Position {
  readonly code: FailureCode;
  readonly message: string;
  readonly hint?: string;
}

/** What reading a document gives: the document, or every problem in it. */
export type Reading<T> = Result<T, readonly Problem[]>;

/**
 * Makes a problem whose message and hint come from the registry of failure codes.
 *
 * @param details - Facts for the message; never a secret.
 */
export function problem(at: Position, code: FailureCode, details: JsonObject = {}): Problem {
  const { message, hint } = failure(code, details);
  const { file, line, column } = at;
  return { file, line, column, code, message, ...(hint === undefined ? {} : { hint }) };
}

/** `file:line:col: message (code)`, and the hint on a line of its own. */
export function renderProblem(it: Problem): string {
  const line = `${it.file}:${it.line}:${it.column}: ${it.message} (${it.code})`;
  return it.hint === undefined ? line : `${line}\n  ${it.hint}`;
}

/** All problems as one failure, for callers that can show only one; undefined where there are none. */
export function problemsFailure(problems: readonly Problem[]): Failure | undefined {
  const [first] = problems;
  if (first === undefined) return undefined;
  const files = [...new Set(problems.map(({ file }) => file))].join(', ');
  const rendered = problems.map(renderProblem);
  return failure('document.rejected', {
    count: problems.length,
    files,
    first: `${first.file}:${first.line}:${first.column}: ${first.message}`,
    problems: rendered,
  });
}

/** Problems in reading order: by file, then line, then column. */
export function inReadingOrder(problems: readonly Problem[]): readonly Problem[] {
  const byFile = new Map<string, Problem[]>();
  for (const it of problems) byFile.set(it.file, [...(byFile.get(it.file) ?? []), it]);
  return [...byFile.values()].flatMap((ofFile) =>
    ofFile.toSorted((a, b) => a.line - b.line || a.column - b.column),
  );
}
