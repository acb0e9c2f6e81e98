import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parse } from 'dotenv';

/** The process environment, over what `.env` in the working directory says; a variable that is set always wins. */
export function readEnvironment(cwd: string): Readonly<Record<string, string | undefined>> {
  return { ...readDotEnv(join(cwd, '.env')), ...process.env };
}

function readDotEnv(path: string): Record<string, string> {
  try {
    return parse(readFileSync(path));
  } catch (error) {
    // No such file is the normal case; a folder or an unreadable one must not pass for it.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
