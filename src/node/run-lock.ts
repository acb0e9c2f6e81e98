import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { failure } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { formatInstant, instant } from '../core/time.ts';
import type { RunLock } from '../ports/journal-store.ts';
import { reasonOf } from './sqlite-open.ts';

/** SQLITE_BUSY: another process has the lock. */
const busy = 5;

/**
 * The lock of a state directory: a transaction that never ends on `lock.db`, so that the operating system frees it
 * whichever way its holder dies. `lock.json` beside it says who that is; it proves nothing.
 *
 * @param hint - What to tell who is refused; the registry's own hint where it is left out.
 */
export function runLock(directory: string, name = 'lock', hint?: string): RunLock {
  const path = join(directory, `${name}.db`);
  const holderPath = join(directory, `${name}.json`);
  let database: DatabaseSync | undefined;
  return {
    acquire(): Result<void> {
      try {
        mkdirSync(directory, { recursive: true });
        database = lockedDatabase(path);
        const since = formatInstant(instant(Date.now()));
        writeFileSync(holderPath, JSON.stringify({ pid: process.pid, host: hostname(), since }));
        return ok(undefined);
      } catch (thrown) {
        const isHeld = (thrown as { errcode?: unknown }).errcode === busy;
        if (!isHeld) return err(failure('journal.write', { path, reason: reasonOf(thrown) }, thrown));
        const details = {
          path: directory,
          ...readHolder(holderPath),
          ...(hint === undefined ? {} : { hint }),
        };
        return err(failure('lock.held', details));
      }
    },
    release(): void {
      if (database === undefined) return;
      rmSync(holderPath, { force: true });
      database.close();
      database = undefined;
    },
  };
}

function lockedDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // A rollback journal: in WAL mode an exclusive transaction would still let readers in, and leaves files behind.
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function readHolder(path: string): JsonObject {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as JsonObject;
  } catch {
    return {};
  }
}
