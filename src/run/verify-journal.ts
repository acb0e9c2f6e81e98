import type { JsonObject } from '../core/json.ts';
import { genesis, linkHash, parseEvent } from './chain.ts';
import type { ChainEnd } from './chain.ts';
import type { RunEvent } from '../model/event.ts';

/** One question about a journal and its answer; `at` is the first record that is wrong. */
export interface JournalVerdict {
  readonly ok: boolean;
  readonly reason: string;
  readonly at?: number;
}

export interface JournalVerification {
  /** Whether each record is the one that was chained: nothing edited, removed from the middle, or reordered. */
  readonly integrity: JournalVerdict;
  /** Whether nothing is missing that was seen: every head, kept apart or given by a person, is in the chain. */
  readonly completeness: JournalVerdict;
  readonly head: ChainEnd;
}

/**
 * Verifies the journal of one run: its hash chain, and against the heads that were seen.
 *
 * A chain alone shows neither a cut tail nor an older journal put in its place; the heads do, as far as they were kept
 * somewhere else than the journal.
 *
 * @param records - Bodies in the order in which they are stored.
 * @param heads - Heads written apart, and those from reports or people.
 */
export function verifyJournal(
  run: string,
  records: readonly JsonObject[],
  heads: readonly ChainEnd[],
): JournalVerification {
  let end = genesis;
  let integrity: JournalVerdict = { ok: true, reason: `${records.length} records form one chain` };
  for (const record of records) {
    const wrong = wrongLink(run, record, end);
    if (wrong !== undefined) {
      integrity = { ok: false, reason: `record ${end.seq + 1} ${wrong}`, at: end.seq + 1 };
      break;
    }
    end = { seq: end.seq + 1, hash: text(record['hash']) };
  }
  return { integrity, completeness: completeness(records, heads), head: end };
}

function wrongLink(run: string, record: JsonObject, end: ChainEnd): string | undefined {
  if (record['run'] !== run) return 'belongs to another run';
  if (record['seq'] !== end.seq + 1)
    return `is not there; number ${text(record['seq'])} follows: records are missing or reordered`;
  if (record['prev'] !== end.hash) return 'does not follow on the record before it';
  if (record['hash'] !== linkHash(end.hash, record)) return 'was changed after it was written';
  return undefined;
}

/** By the numbers and hashes as stored, whether or not the chain holds: an edit is no gap, and a gap is no edit. */
function completeness(records: readonly JsonObject[], heads: readonly ChainEnd[]): JournalVerdict {
  const hashes = new Map(records.map((record) => [record['seq'], record['hash']]));
  const missing = records.findIndex((_, index) => !hashes.has(index + 1)) + 1;
  if (missing > 0) return { ok: false, reason: `record ${missing} is missing`, at: missing };
  if (heads.length === 0)
    return { ok: false, reason: 'no head was kept apart, so that a cut tail would not show' };
  for (const head of heads) {
    const hash = hashes.get(head.seq);
    if (hash === head.hash) continue;
    const reason =
      hash === undefined
        ? `the journal ends at record ${records.length}, but record ${head.seq} was seen: its tail was cut`
        : `record ${head.seq} is not the one that was seen: the journal was replaced or rewritten`;
    return { ok: false, reason, at: hash === undefined ? records.length + 1 : head.seq };
  }
  return { ok: true, reason: `all ${heads.length} heads that were seen are in the journal` };
}

function text(value: JsonObject[string]): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** The events of a verified journal; undefined where a record is no event that this version knows. */
export function readEvents(records: readonly JsonObject[]): readonly RunEvent[] | undefined {
  const events: RunEvent[] = [];
  for (const record of records) {
    const event = parseEvent(record);
    if (event === undefined) return undefined;
    events.push(event);
  }
  return events;
}
