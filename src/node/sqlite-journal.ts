import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { failure } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { JournalHead, JournalRecord, JournalStore } from '../ports/journal-store.ts';
import { openDatabase, reasonOf } from './sqlite-open.ts';

const schema = `
CREATE TABLE IF NOT EXISTS events (
  run  TEXT    NOT NULL,
  seq  INTEGER NOT NULL,
  body TEXT    NOT NULL,
  PRIMARY KEY (run, seq)
) STRICT;`;

/**
 * The journal of a state directory: events in `journal.db`, heads apart in `heads.ndjson`, so that who shortens or
 * replaces the one leaves a trace in the other.
 *
 * Failure `journal.write` or `journal.read` where the files cannot be opened.
 */
export function openJournal(directory: string): Result<JournalStore> {
  const path = join(directory, 'journal.db');
  try {
    return ok(new SqliteJournal(directory, openDatabase(path, schema)));
  } catch (thrown) {
    return err(failure('journal.write', { path, reason: reasonOf(thrown) }, thrown));
  }
}

class SqliteJournal implements JournalStore {
  readonly #path: string;
  readonly #headsPath: string;
  readonly #database: DatabaseSync;
  #headsAreWhole = false;

  constructor(directory: string, database: DatabaseSync) {
    this.#path = join(directory, 'journal.db');
    this.#headsPath = join(directory, 'heads.ndjson');
    this.#database = database;
  }

  append(records: readonly JournalRecord[], head: JournalHead): Result<void> {
    try {
      this.#insert(records);
    } catch (thrown) {
      return err(failure('journal.write', { path: this.#path, reason: reasonOf(thrown) }, thrown));
    }
    try {
      this.#endTornLine();
      appendLine(this.#headsPath, `${JSON.stringify(head)}\n`);
      return ok(undefined);
    } catch (thrown) {
      // The records are kept and no head names them: the run stops, and the next controller goes on from them.
      return err(failure('journal.write', { path: this.#headsPath, reason: reasonOf(thrown) }, thrown));
    }
  }

  /** A crash may have cut the last line; the next one must not be spoilt by it. */
  #endTornLine(): void {
    if (this.#headsAreWhole) return;
    const heads = existsSync(this.#headsPath) ? readFileSync(this.#headsPath, 'utf8') : '';
    if (heads !== '' && !heads.endsWith('\n')) appendLine(this.#headsPath, '\n');
    this.#headsAreWhole = true;
  }

  #insert(records: readonly JournalRecord[]): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const insert = this.#database.prepare('INSERT INTO events (run, seq, body) VALUES (?, ?, ?)');
      for (const { run, seq, body } of records) insert.run(run, seq, JSON.stringify(body));
      this.#database.exec('COMMIT');
    } catch (thrown) {
      // A full disk may have rolled back already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw thrown;
    }
  }

  read(run: string, after: number): Result<readonly JournalRecord[]> {
    return this.#reading(() => {
      const query = 'SELECT seq, body FROM events WHERE run = ? AND seq > ? ORDER BY seq';
      const rows = this.#database.prepare(query).all(run, after);
      return rows.map((row) => ({
        run,
        seq: Number(row['seq']),
        body: JSON.parse(String(row['body'])) as JsonObject,
      }));
    });
  }

  runs(): Result<readonly string[]> {
    return this.#reading(() => {
      const query = 'SELECT run FROM events GROUP BY run ORDER BY MIN(rowid)';
      return this.#database
        .prepare(query)
        .all()
        .map((row) => String(row['run']));
    });
  }

  heads(run: string): Result<readonly JournalHead[]> {
    return this.#reading(() => {
      if (!existsSync(this.#headsPath)) return [];
      const lines = readFileSync(this.#headsPath, 'utf8').split('\n');
      return lines.flatMap((line) => headOf(line) ?? []).filter((head) => head.run === run);
    });
  }

  close(): void {
    this.#database.close();
  }

  #reading<T>(act: () => T): Result<T> {
    try {
      return ok(act());
    } catch (thrown) {
      return err(failure('journal.read', { path: this.#path, reason: reasonOf(thrown) }, thrown));
    }
  }
}

/** Undefined for what is no head: the last line may be torn by a crash. */
function headOf(line: string): JournalHead | undefined {
  try {
    const { run, seq, hash } = JSON.parse(line) as Partial<JournalHead>;
    if (typeof run !== 'string' || typeof seq !== 'number' || typeof hash !== 'string') return undefined;
    return { run, seq, hash };
  } catch {
    return undefined;
  }
}

function appendLine(path: string, line: string): void {
  const file = openSync(path, 'a');
  try {
    writeSync(file, line);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
