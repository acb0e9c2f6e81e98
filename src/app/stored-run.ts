import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { readRun } from '../engine/run-journal.ts';
import type { StoredRun } from '../engine/run-journal.ts';
import type { JournalStore } from '../ports/journal-store.ts';
import type { Runtime } from './runtime.ts';

/** Opens the journal for one reading and closes it again. */
export function withJournal<T>(runtime: Runtime, use: (journal: JournalStore) => Result<T>): Result<T> {
  const journal = runtime.state.journal();
  if (!journal.ok) return journal;
  try {
    return use(journal.value);
  } finally {
    journal.value.close();
  }
}

/**
 * A run by its id, by a unique beginning of it, or (without one) the latest.
 *
 * @returns Failures `run.not-found`, `journal.broken`, `journal.read`.
 */
export function findRun(runtime: Runtime, wanted: string | undefined): Result<StoredRun> {
  return withJournal(runtime, (journal) => {
    const runs = journal.runs();
    if (!runs.ok) return runs;
    const id = pick(runs.value, wanted);
    const path = runtime.state.directory;
    if (id === undefined)
      return err(failure('run.not-found', { path, ...(wanted === undefined ? {} : { run: wanted }) }));
    const run = readRun(journal, id);
    if (!run.ok) return run;
    return run.value ? ok(run.value) : err(failure('run.not-found', { path, run: id }));
  });
}

function pick(runs: readonly string[], wanted: string | undefined): string | undefined {
  if (wanted === undefined) return runs.at(-1);
  if (runs.includes(wanted)) return wanted;
  const matching = runs.filter((run) => run.startsWith(wanted));
  return matching.length === 1 ? matching[0] : undefined;
}

/** All runs of the state directory, oldest first; one whose record is broken stands with its failure. */
export function listRuns(
  runtime: Runtime,
): Result<readonly { readonly run: string; readonly stored: Result<StoredRun> }[]> {
  return withJournal(runtime, (journal) => {
    const runs = journal.runs();
    if (!runs.ok) return runs;
    return ok(
      runs.value.map((run) => {
        const read = readRun(journal, run);
        if (!read.ok) return { run, stored: read };
        const path = runtime.state.directory;
        return { run, stored: read.value ? ok(read.value) : err(failure('run.not-found', { path, run })) };
      }),
    );
  });
}
