import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { failure } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Inbox, InboxMessage } from '../ports/journal-store.ts';
import { openDatabase, reasonOf } from './sqlite-open.ts';

const schema = `
CREATE TABLE IF NOT EXISTS messages (
  id   INTEGER PRIMARY KEY AUTOINCREMENT,
  run  TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;`;

/** The inbox of a state directory, `inbox.db`: any terminal writes, the controller reads. */
export function openInbox(directory: string): Result<Inbox> {
  const path = join(directory, 'inbox.db');
  try {
    return ok(new SqliteInbox(path, openDatabase(path, schema)));
  } catch (thrown) {
    return err(failure('journal.write', { path, reason: reasonOf(thrown) }, thrown));
  }
}

class SqliteInbox implements Inbox {
  readonly #path: string;
  readonly #database: DatabaseSync;

  constructor(path: string, database: DatabaseSync) {
    this.#path = path;
    this.#database = database;
  }

  post(run: string, body: JsonObject): Result<number> {
    try {
      const insert = this.#database.prepare('INSERT INTO messages (run, body) VALUES (?, ?)');
      return ok(Number(insert.run(run, JSON.stringify(body)).lastInsertRowid));
    } catch (thrown) {
      return err(failure('journal.write', { path: this.#path, reason: reasonOf(thrown) }, thrown));
    }
  }

  read(run: string, after: number): Result<readonly InboxMessage[]> {
    try {
      const query = 'SELECT id, body FROM messages WHERE run = ? AND id > ? ORDER BY id';
      const rows = this.#database.prepare(query).all(run, after);
      return ok(
        rows.map((row) => ({
          id: Number(row['id']),
          run,
          body: JSON.parse(String(row['body'])) as JsonObject,
        })),
      );
    } catch (thrown) {
      return err(failure('journal.read', { path: this.#path, reason: reasonOf(thrown) }, thrown));
    }
  }

  close(): void {
    this.#database.close();
  }
}
