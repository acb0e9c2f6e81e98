import type { EventOf, RunEvent } from '../model/event.ts';
import type { Intent } from '../model/intent.ts';
import type { TimelineEntry } from '../model/report.ts';

const kinds: Record<Intent['kind'], TimelineEntry['kind']> = {
  'probe-host': 'probe',
  'write-control': 'write',
  'reboot-host': 'reboot',
  'verify-host': 'verify',
};

/** What each host was going through and when, in the order of its beginning; what still goes on has no end. */
export function runTimeline(events: readonly RunEvent[]): TimelineEntry[] {
  const open = new Map<string, { intent: Intent; at: string }>();
  const settling = new Map<string, TimelineEntry>();
  const entries: TimelineEntry[] = [];
  for (const event of events) {
    if (event.type === 'intent.recorded') {
      const { intent } = event.data;
      open.set(intent.id, { intent, at: event.at });
      endSettling(settling, intent, event.at);
    } else if (event.type === 'intent.settled') {
      const started = open.get(event.data.intent);
      if (started === undefined) continue;
      open.delete(event.data.intent);
      const entry = settledEntry(started, event);
      entries.push(entry);
      if (mustSettle(event)) entries.push(startSettling(settling, started.intent, entry.end ?? event.at));
    } else if (event.type === 'host.finished')
      endSettling(settling, { host: event.host ?? '', phase: event.phase ?? '' }, event.at);
  }
  for (const started of open.values()) entries.push(openEntry(started));
  return entries.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

interface Started {
  readonly intent: Intent;
  readonly at: string;
}

function openEntry({ intent, at }: Started): TimelineEntry {
  const { host, phase, kind } = intent;
  return { host, phase, kind: kinds[kind], start: at, end: null, outcome: 'in flight' };
}

/** A reboot is drawn from the moment the host agreed to it until it was back, as far as these are known. */
function settledEntry(started: Started, { at, data: { outcome } }: EventOf<'intent.settled'>): TimelineEntry {
  const entry = openEntry(started);
  const times = outcome.kind === 'reboot-host' ? outcome : undefined;
  const start = times?.requestedAt ?? entry.start;
  const end = times?.backAt ?? at;
  const result =
    outcome.reconciled === true ? `${outcome.result} (reconciled after a crash)` : outcome.result;
  return { ...entry, start, end: end < start ? at : end, outcome: result };
}

/** After a reboot, and after a look that came too early, a host is left in peace for a while. */
function mustSettle({ data: { outcome } }: EventOf<'intent.settled'>): boolean {
  if (outcome.result !== 'done') return false;
  if (outcome.kind === 'verify-host') return outcome.finding?.verdict === 'not-settled';
  return outcome.kind === 'reboot-host';
}

function startSettling(
  settling: Map<string, TimelineEntry>,
  { host, phase }: Intent,
  start: string,
): TimelineEntry {
  const entry: TimelineEntry = { host, phase, kind: 'settle', start, end: null, outcome: 'in flight' };
  settling.set(pairKey({ host, phase }), entry);
  return entry;
}

function endSettling(
  settling: Map<string, TimelineEntry>,
  pair: { readonly host: string; readonly phase: string },
  end: string,
): void {
  const entry = settling.get(pairKey(pair));
  if (entry === undefined) return;
  entry.end = end;
  entry.outcome = 'done';
  settling.delete(pairKey(pair));
}

const pairKey = ({ host, phase }: { readonly host: string; readonly phase: string }): string =>
  JSON.stringify([host, phase]);
