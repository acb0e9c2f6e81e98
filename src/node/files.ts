import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { failure } from '../core/failure.ts';
import { byCodeUnit } from '../core/json.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Files } from '../ports/files.ts';

/** The file system of this machine. */
export const systemFiles: Files = {
  read: (path) => reading(path, () => readFileSync(path, 'utf8')),
  list: (path) => reading(path, () => readdirSync(path).sort(byCodeUnit)),
  write,
  exists: (path) => existsSync(path),
  kind,
  resolve: (base, path) => resolve(base, path),
};

function reading<T>(path: string, act: () => T): Result<T> {
  try {
    return ok(act());
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') return err(failure('file.not-found', { path }, thrown));
    return err(failure('file.read', { path, reason: message }, thrown));
  }
}

/** Through a file beside it: whoever reads sees the old content or the new, and a full disk leaves the old. */
function write(path: string, content: string, options = { private: false }): Result<void> {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(beside, 'w', options.private ? 0o600 : 0o666);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
    return ok(undefined);
  } catch (thrown) {
    rmSync(beside, { force: true });
    return err(failure('file.write', { path, reason: (thrown as Error).message }, thrown));
  }
}

function kind(path: string): 'file' | 'directory' | 'missing' {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 'missing';
  return found.isDirectory() ? 'directory' : 'file';
}
