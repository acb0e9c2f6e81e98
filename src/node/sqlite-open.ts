import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** How long a reader waits for a writer of another process before it fails. */
const busyTimeoutMs = 5000;

/**
 * Opens one of our databases, creating it and its folder.
 *
 * FULL makes every commit wait for the disk: a record that was acknowledged survives a power cut. WAL lets other
 * terminals read while the controller writes. Works on local disks only.
 *
 * @throws What SQLite throws.
 */
export function openDatabase(path: string, schema: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  database.exec(schema);
  return database;
}

/** What an exception says, for a failure's details. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
