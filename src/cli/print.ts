import type { Failure } from '../core/failure.ts';
import { canonicalJson } from '../core/json.ts';
import type { JsonValue } from '../core/json.ts';
import type { Problem } from '../model/document.ts';
import { renderProblem } from '../model/document.ts';
import type { Io, Paint } from './io.ts';

/** A failure for a person: what happened, then what to do. Problems of a document are listed one by one. */
export function renderFailure(it: Failure, paint: Paint, verbose = false): string {
  const problems = it.details['problems'];
  if (Array.isArray(problems)) return problems.map(String).join('\n');
  const hint = it.hint === undefined ? '' : `\n  ${it.hint}`;
  const causes = verbose ? causesOf(it) : '';
  return `${paint('bad', 'error')}: ${it.message} (${it.code})${hint}${causes}`;
}

function causesOf(it: Error): string {
  let text = '';
  for (let cause = it.cause, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    text += `\n  because: ${cause.message}`;
  }
  return text;
}

export function printProblems(io: Io, problems: readonly Problem[]): void {
  for (const each of problems) io.err(`${renderProblem(each)}\n`);
}

/** One JSON document on stdout, canonical, indented for people. */
export function printJson(io: Io, document: unknown): void {
  io.out(`${canonicalJson(document as JsonValue, 2)}\n`);
}
