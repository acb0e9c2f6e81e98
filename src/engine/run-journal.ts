import { failure } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { EventDraft, RunEvent } from '../model/event.ts';
import type { JournalStore } from '../ports/journal-store.ts';
import { chain, genesis } from '../run/chain.ts';
import { fold } from '../run/fold.ts';
import type { RunState } from '../run/state.ts';
import { readEvents, verifyJournal } from '../run/verify-journal.ts';

/** The state of a stored run. */
export interface StoredRun {
  readonly state: RunState;
  readonly events: readonly RunEvent[];
}

/**
 * Reads and verifies the journal of a run.
 *
 * @returns Undefined when there is no such run. Failures: `journal.read`; `journal.broken` when the chain or a head
 *   that was seen does not fit, since going on from a record that lies could reboot a host twice.
 */
export function readRun(journal: JournalStore, run: string): Result<StoredRun | undefined> {
  const records = journal.read(run, 0);
  if (!records.ok) return records;
  if (records.value.length === 0) return ok(undefined);
  const heads = journal.heads(run);
  if (!heads.ok) return heads;
  const bodies = records.value.map(({ body }) => body);
  const { integrity, completeness } = verifyJournal(run, bodies, heads.value);
  if (!integrity.ok) return err(failure('journal.broken', { run, reason: integrity.reason }));
  if (!completeness.ok && heads.value.length > 0)
    return err(failure('journal.broken', { run, reason: completeness.reason }));
  const events = readEvents(bodies);
  if (events === undefined) {
    const reason = 'it has events that this version of countersign does not know';
    return err(failure('journal.read', { run, reason, path: run }));
  }
  return ok({ state: fold(events), events });
}

/** Drafts that are chained and folded, and not yet durable. */
export interface Prepared {
  readonly events: readonly RunEvent[];
  readonly state: RunState;
}

/** Gives drafts their places after `state`, and folds them. */
export function prepare(state: RunState, drafts: readonly EventDraft[], at: Instant): Prepared {
  // A clock that was set back must not make the record of a run go backwards.
  const time = at > state.at ? at : state.at;
  const events = chain(drafts, { run: state.run, at: time, end: state.head });
  return { events, state: fold(events, state) };
}

/** The first event of a run, which makes its state. */
export function begin(draft: EventDraft & { type: 'run.started' }, run: string, at: Instant): Prepared {
  const events = chain([draft], { run, at, end: genesis });
  return { events, state: fold(events) };
}

/** Makes events durable in one commit. Failure `journal.write`: nothing was kept. */
export function commit(journal: JournalStore, run: string, events: readonly RunEvent[]): Result<void> {
  const last = events.at(-1);
  if (last === undefined) return ok(undefined);
  return journal.append(
    events.map((event) => ({ run, seq: event.seq, body: event as unknown as JsonObject })),
    { run, seq: last.seq, hash: last.hash },
  );
}
