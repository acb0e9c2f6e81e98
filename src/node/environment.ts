import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { reasonOf } from './sqlite-open.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Variables of a command: those that are set, over what `.env` in the working directory says.
 *
 * @returns Failure `file.read` where there is a `.env` that cannot be read.
 */
export function readEnvironment(cwd: string, set: Variables): Result<Variables> {
  const path = join(cwd, '.env');
  try {
    return ok({ ...parse(readFileSync(path)), ...set });
  } catch (thrown) {
    // No such file is the normal case; a folder or an unreadable one must not pass for it.
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return ok(set);
    return err(failure('file.read', { path, reason: reasonOf(thrown) }, thrown));
  }
}
