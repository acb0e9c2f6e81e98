import { quantity } from '../core/quantity.ts';
import { formatInstant } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { EventDraft } from '../model/event.ts';
import type { Wait } from './decision.ts';
import type { RunState } from './state.ts';

/** Reasons named in one event; there may be as many as hosts. */
const reasonsNamed = 12;

/** The next instant at which one of the waits is over by itself. */
export function wakeAt(waits: readonly Wait[]): Instant | undefined {
  return waits.reduce<Instant | undefined>(
    (earliest, { until }) =>
      until !== undefined && (earliest === undefined || until < earliest) ? until : earliest,
    undefined,
  );
}

/** Records what the whole run waits for, once for each thing it waits for. */
export function waitingEvent(state: RunState, waits: readonly Wait[]): EventDraft | undefined {
  if (waits.length === 0) return undefined;
  const wake = wakeAt(waits);
  const until = wake === undefined ? null : formatInstant(wake);
  const reasons = summarize(waits);
  const known = state.waiting;
  const knownUntil = known?.until === undefined ? null : formatInstant(known.until);
  if (known !== undefined && knownUntil === until && known.reasons.join('\n') === reasons.join('\n'))
    return undefined;
  return { type: 'run.waiting', data: { until, reasons } };
}

/** Equal reasons as one, with the number of hosts. */
function summarize(waits: readonly Wait[]): string[] {
  const hosts = new Map<string, number>();
  for (const { host, phase, code, reason } of waits) {
    if (code === 'hosts') continue;
    const text = `${phase}: ${reason}`;
    hosts.set(text, (hosts.get(text) ?? 0) + (host === undefined ? 0 : 1));
  }
  const texts = [...hosts].map(([text, count]) =>
    count === 0 ? text : `${text} (${quantity(count, 'host')})`,
  );
  const more = texts.length - reasonsNamed;
  return more > 0 ? [...texts.slice(0, reasonsNamed), `and ${more} more`] : texts;
}
