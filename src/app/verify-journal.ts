import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { verifyJournal } from '../run/verify-journal.ts';
import type { JournalVerification } from '../run/verify-journal.ts';
import type { Runtime } from './runtime.ts';
import { withJournal } from './stored-run.ts';

/**
 * Verifies the record of a run against its own chain, the heads kept apart, and a head that a person kept.
 *
 * @param head - As a report prints it.
 */
export function verifyRunJournal(
  runtime: Runtime,
  run: string,
  head?: { readonly seq: number; readonly hash: string },
): Result<JournalVerification> {
  return withJournal(runtime, (journal) => {
    const records = journal.read(run, 0);
    if (!records.ok) return records;
    const heads = journal.heads(run);
    if (!heads.ok) return heads;
    if (records.value.length === 0 && heads.value.length === 0) {
      return err(failure('run.not-found', { path: runtime.state.directory, run }));
    }
    const seen = [...heads.value, ...(head === undefined ? [] : [head])];
    return ok(
      verifyJournal(
        run,
        records.value.map(({ body }) => body),
        seen,
      ),
    );
  });
}
