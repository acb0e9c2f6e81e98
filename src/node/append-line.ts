import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';

/** Appends one line to a log file, which is made when it is missing. */
export function appendLine(path: string, line: string): Result<void> {
  try {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, `${line}\n`);
    return ok(undefined);
  } catch (thrown) {
    return err(failure('file.write', { path, reason: (thrown as Error).message }, thrown));
  }
}
