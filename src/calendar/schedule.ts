import { hours, minus, parseDuration, plus } from '../core/time.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { Calendar, Freeze, MaintenanceWindow } from '../model/schedule.ts';
import { freezeSpan, horizon, occurrences } from './occurrences.ts';
import { contains, subtract, union } from './span.ts';
import type { TimeSpan } from './span.ts';

/** Where `nextOpening` looks first: every weekly and monthly rule comes round in it. */
const nearFuture: Duration = hours(24 * 62);

/** When something may start: a window (null where a phase has none) and the freezes, which win over it. */
export interface Schedule {
  /** Name of the window in the playbook, for people. */
  readonly name: string | null;
  readonly window: MaintenanceWindow | null;
  readonly freezes: readonly Freeze[];
}

/** The schedule of a named window; undefined when the calendar has no such window. Null is "no window, but freezes". */
export function scheduleOf(calendar: Calendar, name: string | null): Schedule | undefined {
  const { freezes, windows } = calendar;
  if (name === null) return { name, window: null, freezes };
  const window = Object.hasOwn(windows, name) ? windows[name] : undefined;
  return window === undefined ? undefined : { name, window, freezes };
}

/**
 * The stretches inside `within` in which something may start, in order and without overlaps: occurrences less freezes.
 * They are whole (the first may begin before `within`), except for windows that are always open. Cut at `horizon`.
 */
export function effectiveSpans(schedule: Schedule, within: TimeSpan): TimeSpan[] {
  const open = occurrences(schedule.window ?? { always: true }, within);
  return subtract(union(open), union(schedule.freezes.map(freezeSpan))).filter(
    (span) => span.end > within.start && span.start < within.end,
  );
}

/** The open stretch that `at` lies in; undefined while it is shut. */
export function spanAt(schedule: Schedule, at: Instant): TimeSpan | undefined {
  const span = nextOpening(schedule, at);
  return span !== undefined && contains(span, at) ? span : undefined;
}

export function isOpen(schedule: Schedule, at: Instant): boolean {
  return spanAt(schedule, at) !== undefined;
}

/** The first open stretch that ends after `at` (the current one while open); undefined when `horizon` holds none. */
export function nextOpening(schedule: Schedule, at: Instant): TimeSpan | undefined {
  const near = { start: at, end: plus(at, nearFuture) };
  const isRecurring = schedule.window !== null && !('always' in schedule.window);
  const found = isRecurring ? effectiveSpans(schedule, near)[0] : undefined;
  return found ?? effectiveSpans(schedule, { start: at, end: plus(at, horizon) })[0];
}

/**
 * The last instant in `span` at which work that takes `needed` may start (it may start at that very instant).
 *
 * `cutoff: auto` leaves just the time that the work is expected to take; a fixed cutoff is the operator's word, whatever
 * the work takes. May lie before `span.start`, which means: never in this span.
 */
export function latestStart(schedule: Schedule, span: TimeSpan, needed: Duration): Instant {
  const { window } = schedule;
  const cutoff = window === null || 'always' in window ? 'auto' : window.cutoff;
  return minus(span.end, cutoff === 'auto' ? needed : (parseDuration(cutoff) ?? needed));
}

/** Why nothing may start at `at`: the freeze that forbids it, else the window that is shut. Undefined while open. */
export function closedBy(
  schedule: Schedule,
  at: Instant,
): { kind: 'freeze'; freeze: Freeze; until: Instant } | { kind: 'window'; name: string } | undefined {
  if (isOpen(schedule, at)) return undefined;
  for (const freeze of schedule.freezes) {
    const span = freezeSpan(freeze);
    if (contains(span, at)) return { kind: 'freeze', freeze, until: span.end };
  }
  return { kind: 'window', name: schedule.name ?? '' };
}
