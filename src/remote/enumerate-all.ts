import { ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { enumerate, pull } from '../wire/wsman/enumerate.ts';
import type { Enumerated } from '../wire/wsman/enumerated.ts';
import { malformed } from '../wire/wsman/parse-envelope.ts';
import type { Envelope } from '../wire/wsman/parse-envelope.ts';
import type { PersistentExchange } from './persistent-exchange.ts';

/** A list that a server keeps. */
export interface RemoteList<Item> {
  readonly resourceUri: string;
  /** The shell whose commands are meant. */
  readonly shellId?: string;
  readonly parse: (envelope: Envelope) => Result<Enumerated<Item>>;
}

const itemsAtOnce = 100;
/** No server allows an account as many shells, or a shell as many commands. */
const maxItems = 10_000;

/**
 * Reads a whole list, page by page; one round trip where it fits into one.
 *
 * Failures: those of the exchange; `wsman.malformed` for a list that does not end.
 */
export async function enumerateAll<Item>(
  exchange: PersistentExchange,
  { resourceUri, shellId, parse }: RemoteList<Item>,
  signal: AbortSignal,
): Promise<Result<readonly Item[]>> {
  const request = enumerate({ maxElements: itemsAtOnce, ...(shellId === undefined ? {} : { shellId }) });
  const all: Item[] = [];
  let page = await exchange.perform(request, { resourceUri }, parse, 'any', signal);
  for (let pages = 1; ; pages += 1) {
    if (!page.ok) return page;
    all.push(...page.value.items);
    const { context } = page.value;
    if (context === undefined) return ok(all);
    if (all.length > maxItems || pages > maxItems) return malformed('Enumerate', 'its list does not end');
    // Each Pull moves on, so one whose answer got lost cannot be repeated.
    const next = pull({ context, maxElements: itemsAtOnce });
    page = await exchange.perform(next, { resourceUri }, parse, 'never', signal);
  }
}
