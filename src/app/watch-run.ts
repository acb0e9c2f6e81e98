import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { milliseconds } from '../core/time.ts';
import { readRun } from '../engine/run-journal.ts';
import type { RunEvent } from '../model/event.ts';
import { fold } from '../run/fold.ts';
import type { RunState } from '../run/state.ts';
import { readEvents } from '../run/verify-journal.ts';
import type { Runtime } from './runtime.ts';

const pollEvery = milliseconds(300);

/**
 * Follows the journal of a run until it ends, its controller lets go, or `signal` aborts.
 *
 * @returns The last state. Failures `run.not-found`, `journal.*`.
 */
export async function watchRun(
  runtime: Runtime,
  run: string,
  onEvent: (event: RunEvent, state: RunState) => void,
  signal: AbortSignal,
): Promise<Result<RunState>> {
  const journal = runtime.state.journal();
  if (!journal.ok) return journal;
  try {
    const first = readRun(journal.value, run);
    if (!first.ok) return first;
    if (!first.value) return err(failure('run.not-found', { path: runtime.state.directory, run }));
    let { state } = first.value;
    for (const event of first.value.events) onEvent(event, state);
    while (!signal.aborted && state.ended === undefined && state.controlled) {
      await runtime.timers.sleep(pollEvery, signal);
      const records = journal.value.read(run, state.head.seq);
      if (!records.ok) return records;
      const events = readEvents(records.value.map(({ body }) => body)) ?? [];
      for (const event of events) {
        state = fold([event], state);
        onEvent(event, state);
      }
    }
    return ok(state);
  } finally {
    journal.value.close();
  }
}
