import { canonicalJson } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { sha256 } from '../core/sha256.ts';
import { formatInstant } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import { eventSchemaName, eventTypes, genesisHash } from '../model/event.ts';
import type { EventDraft, EventType, RunEvent } from '../model/event.ts';

/** The last link of a chain; before a run's first event, `genesis`. */
export interface ChainEnd {
  readonly seq: number;
  readonly hash: string;
}

export const genesis: ChainEnd = { seq: 0, hash: genesisHash };

/** Gives drafts their places at the end of a chain. */
export function chain(
  drafts: readonly EventDraft[],
  at: { readonly run: string; readonly at: Instant; readonly end: ChainEnd },
): readonly RunEvent[] {
  let { seq, hash } = at.end;
  return drafts.map((draft) => {
    const prev = hash;
    seq += 1;
    const body = { schema: eventSchemaName, seq, at: formatInstant(at.at), run: at.run, ...draft };
    hash = linkHash(prev, body as unknown as JsonObject);
    return { ...body, prev, hash } as RunEvent;
  });
}

/** SHA-256 over `prev` and the canonical JSON of the event without `prev` and `hash`. */
export function linkHash(prev: string, event: JsonObject): string {
  const { prev: _prev, hash: _hash, ...body } = event;
  return sha256(prev + canonicalJson(body));
}

/** Reads an event that was stored; undefined for anything that is none. */
export function parseEvent(body: unknown): RunEvent | undefined {
  const type = (body as { type?: unknown } | null)?.type;
  if (typeof type !== 'string' || !Object.hasOwn(eventTypes, type)) return undefined;
  const parsed = eventTypes[type as EventType].safeParse(body);
  return parsed.success ? parsed.data : undefined;
}
