import type { Schedule } from '../calendar/schedule.ts';
import { latestStart } from '../calendar/schedule.ts';
import type { TimeSpan } from '../calendar/span.ts';
import { byCodeUnit } from '../core/json.ts';
import { minus, plus } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { ExpectedWork } from './expectations.ts';

/** When the hosts of one window may be worked on. */
export interface Opening {
  readonly schedule: Schedule;
  /** In order, without overlaps. */
  readonly spans: readonly TimeSpan[];
  /** How far ahead `spans` reaches. */
  readonly until: Instant;
}

/** One host's work in one phase, to be placed. */
export interface Job {
  readonly host: string;
  readonly opening: Opening;
  readonly work: ExpectedWork;
  /** Whether the host goes down for it. */
  readonly reboots: boolean;
}

/** A redundancy set as packing sees it. */
export interface SetLimit {
  readonly name: string;
  /** Members that are up, as far as anybody knows. */
  readonly healthy: ReadonlySet<string>;
  /** How many of them may be down at once. */
  readonly slack: number;
}

export interface Slot extends TimeSpan {
  readonly job: Job;
  /** The opening's span that it starts in. */
  readonly span: TimeSpan;
}

export interface Packing {
  /** In order of their start. */
  readonly slots: readonly Slot[];
  /** Jobs that fit nowhere. */
  readonly unplaced: readonly Job[];
}

export interface PackingRules {
  readonly from: Instant;
  /** Hosts in flight at once. */
  readonly concurrency: number;
  readonly sets: readonly SetLimit[];
}

/**
 * List scheduling: walks through time and starts each job as soon as its window is open with enough of it left, a place
 * is free, and no redundancy set falls below its minimum. Members of sets go first, then long jobs, then by name, so
 * the result does not depend on the order of `jobs`.
 */
export function pack(jobs: readonly Job[], rules: PackingRules): Packing {
  const slots: Slot[] = [];
  let waiting = [...jobs].sort(byConstraint(rules.sets));
  let running: Slot[] = [];
  let now: Instant | undefined = rules.from;
  while (now !== undefined && waiting.length > 0) {
    const at: Instant = now;
    running = running.filter((slot) => slot.end > at);
    const started = startAll(waiting, running, { ...rules, from: at });
    const startedJobs = new Set(started.map(({ job }) => job));
    slots.push(...started);
    running.push(...started);
    waiting = waiting.filter((job) => !startedJobs.has(job));
    now = nextEvent(at, waiting, running);
  }
  return { slots, unplaced: waiting };
}

/** The last instant of `span` at which `job` may start; before `span.start` when it does not fit. */
export function latestJobStart({ opening, work, reboots }: Job, span: TimeSpan): Instant {
  if (!reboots) return minus(span.end, work.total);
  return minus(latestStart(opening.schedule, span, work.afterRebootStarts), work.write);
}

function startAll(waiting: readonly Job[], running: readonly Slot[], rules: PackingRules): Slot[] {
  const started: Slot[] = [];
  const spans = new Map<string, TimeSpan | undefined>();
  for (const job of waiting) {
    if (running.length + started.length >= rules.concurrency) break;
    const kind = kindOf(job);
    if (!spans.has(kind))
      spans.set(
        kind,
        job.opening.spans.find((span) => isStartable(job, span, rules.from)),
      );
    const span = spans.get(kind);
    if (span === undefined || !leavesEnough(job, [...running, ...started], rules.sets)) continue;
    started.push({ job, span, start: rules.from, end: plus(rules.from, job.work.total) });
  }
  return started;
}

/** Jobs of one kind may start at the same times, so one of them answers for all. */
function kindOf({ opening, work, reboots }: Job): string {
  return `${opening.schedule.name ?? ''}/${work.total}/${String(reboots)}`;
}

function isStartable(job: Job, span: TimeSpan, at: Instant): boolean {
  return span.start <= at && at < span.end && at <= latestJobStart(job, span);
}

function leavesEnough(job: Job, inFlight: readonly Slot[], sets: readonly SetLimit[]): boolean {
  if (!job.reboots) return true;
  return sets.every((set) => {
    if (!set.healthy.has(job.host)) return true;
    const down = inFlight.filter((slot) => slot.job.reboots && set.healthy.has(slot.job.host));
    return down.length < set.slack;
  });
}

/** The next instant at which a waiting job could start: something ends, or a window that is long enough opens. */
function nextEvent(at: Instant, waiting: readonly Job[], running: readonly Slot[]): Instant | undefined {
  const ends = running.map(({ end }) => end);
  const kinds = new Map(waiting.map((job) => [kindOf(job), job]));
  const starts = [...kinds.values()].flatMap((job) => {
    const later = job.opening.spans.find(
      (span) => span.start > at && span.start <= latestJobStart(job, span),
    );
    return later === undefined ? [] : [later.start];
  });
  const events = [...ends, ...starts];
  return events.length === 0 ? undefined : events.reduce((first, next) => (next < first ? next : first));
}

function byConstraint(sets: readonly SetLimit[]): (a: Job, b: Job) => number {
  const bound = new Set(sets.flatMap((set) => [...set.healthy]));
  const rank = (job: Job): number => (job.reboots && bound.has(job.host) ? 0 : 1);
  return (a, b) => rank(a) - rank(b) || b.work.total - a.work.total || byCodeUnit(a.host, b.host);
}
