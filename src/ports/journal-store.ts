import type { JsonObject } from '../core/json.ts';
import type { Result } from '../core/result.ts';

/** One record of a run's journal: opaque to the store, ordered by `seq` from 1. */
export interface JournalRecord {
  readonly run: string;
  readonly seq: number;
  readonly body: JsonObject;
}

/** A commit's last record, kept apart from the journal so that a cut tail shows. */
export interface JournalHead {
  readonly run: string;
  readonly seq: number;
  readonly hash: string;
}

/** Durable, append-only records of runs. Only the controller appends; anyone reads. */
export interface JournalStore {
  /** Appends in one durable commit (fsync) and then writes `head` apart. Failure `journal.write` leaves nothing half done. */
  append(records: readonly JournalRecord[], head: JournalHead): Result<void>;
  /** The records after `seq`, in order. */
  read(run: string, after: number): Result<readonly JournalRecord[]>;
  /** Runs in order of their first record. */
  runs(): Result<readonly string[]>;
  /** The heads that were written apart, in order; the record of what was seen. */
  heads(run: string): Result<readonly JournalHead[]>;
  close(): void;
}

/** A command from another terminal to the controller of a run. */
export interface InboxMessage {
  readonly id: number;
  readonly run: string;
  readonly body: JsonObject;
}

/** Where other terminals leave commands for the controller. */
export interface Inbox {
  post(run: string, body: JsonObject): Result<number>;
  /** Messages with an id above `after`, in order. */
  read(run: string, after: number): Result<readonly InboxMessage[]>;
  close(): void;
}

/** At most one controller a state directory; freed by the system when the holder dies. */
export interface RunLock {
  /** Failure `lock.held` (with the holder's pid, host and since) when another process holds it. */
  acquire(): Result<void>;
  release(): void;
}
