import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { failure } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { ObservationStore } from '../ports/observation-store.ts';
import { openDatabase, reasonOf } from './sqlite-open.ts';

const schema = `
CREATE TABLE IF NOT EXISTS observations (
  host TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT;`;

/** The last observation of each host, in `observations.db`: a file of its own, since it may be thrown away. */
export function openObservations(directory: string): Result<ObservationStore> {
  const path = join(directory, 'observations.db');
  try {
    return ok(new SqliteObservations(path, openDatabase(path, schema)));
  } catch (thrown) {
    return err(failure('file.write', { path, reason: reasonOf(thrown) }, thrown));
  }
}

class SqliteObservations implements ObservationStore {
  readonly #path: string;
  readonly #database: DatabaseSync;

  constructor(path: string, database: DatabaseSync) {
    this.#path = path;
    this.#database = database;
  }

  save(host: string, observation: JsonObject): Result<void> {
    try {
      const upsert =
        'INSERT INTO observations (host, body) VALUES (?, ?) ON CONFLICT (host) DO UPDATE SET body = excluded.body';
      this.#database.prepare(upsert).run(host, JSON.stringify(observation));
      return ok(undefined);
    } catch (thrown) {
      return err(failure('file.write', { path: this.#path, reason: reasonOf(thrown) }, thrown));
    }
  }

  all(): Result<ReadonlyMap<string, JsonObject>> {
    try {
      const rows = this.#database.prepare('SELECT host, body FROM observations ORDER BY host').all();
      return ok(
        new Map(rows.map((row) => [String(row['host']), JSON.parse(String(row['body'])) as JsonObject])),
      );
    } catch (thrown) {
      return err(failure('file.read', { path: this.#path, reason: reasonOf(thrown) }, thrown));
    }
  }

  close(): void {
    this.#database.close();
  }
}
