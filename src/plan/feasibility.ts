import type { TimeSpan } from '../calendar/span.ts';
import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { between, formatDuration, formatInstant, instant, milliseconds, minutes } from '../core/time.ts';
import type { Duration, Instant } from '../core/time.ts';
import { latestJobStart, pack } from './pack.ts';
import type { Job, Packing, SetLimit } from './pack.ts';

/** A wave's jobs, and what they must fit. */
export interface WaveLoad {
  readonly phase: string;
  readonly wave: string;
  readonly jobs: readonly Job[];
  readonly from: Instant;
  readonly concurrency: number;
  readonly sets: readonly SetLimit[];
  /** Whether a wave may go on in the next occurrence of its window. */
  readonly allowSpill: boolean;
}

/** So many of the next occurrences are tried before a wave is called infeasible. */
const occurrencesTried = 60;

/**
 * Whether a wave can be done: each host fits some occurrence of its window, and all hosts that share a window fit one
 * occurrence together (or several, where spilling is allowed).
 *
 * @returns The failure with the smallest changes that would make it fit; undefined when it fits.
 */
export function whyInfeasible(load: WaveLoad): Failure | undefined {
  for (const jobs of byWindow(load.jobs).values()) {
    const problem = whyHostsDoNotFit(load, jobs) ?? whyTogetherDoNotFit(load, jobs);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function byWindow(jobs: readonly Job[]): Map<string, Job[]> {
  const groups = new Map<string, Job[]>();
  for (const job of jobs) {
    const name = job.opening.schedule.name ?? '';
    groups.set(name, [...(groups.get(name) ?? []), job]);
  }
  return groups;
}

function whyHostsDoNotFit(load: WaveLoad, jobs: readonly Job[]): Failure | undefined {
  for (const job of jobs) {
    const spans = upcoming(job, load.from);
    if (spans.some((span) => latestJobStart(job, span) >= latest(span.start, load.from))) continue;
    const { name } = job.opening.schedule;
    if (spans.length === 0)
      return failure('plan.infeasible-window', {
        phase: load.phase,
        window: name ?? 'any time',
        from: formatInstant(load.from),
        until: formatInstant(job.opening.until),
      });
    return failure('plan.infeasible-host', {
      phase: load.phase,
      host: job.host,
      window: name ?? 'any time',
      needed: formatDuration(job.work.total),
      available: formatDuration(longest(spans)),
    });
  }
  return undefined;
}

function whyTogetherDoNotFit(load: WaveLoad, jobs: readonly Job[]): Failure | undefined {
  const [first] = jobs;
  if (load.allowSpill || first === undefined) return undefined;
  const spans = upcoming(first, load.from).slice(0, occurrencesTried);
  const fits = (concurrency: number): boolean =>
    spans.some((span) => packInto([span], jobs, { ...load, concurrency }).unplaced.length === 0);
  if (fits(load.concurrency)) return undefined;
  const needed = timeNeeded(load, jobs);
  const available = longest(spans);
  const concurrency = leastConcurrency(load.concurrency + 1, jobs.length, fits);
  const split = hostsByNight(load, jobs);
  const suggestions = [
    ...(concurrency === undefined ? [] : [`concurrency ${concurrency}`]),
    `a window of ${formatDuration(needed)}`,
    `${split.length} nights with --allow-spill (${split.join(' + ')} hosts)`,
  ];
  return failure('plan.infeasible', {
    phase: load.phase,
    wave: load.wave,
    window: first.opening.schedule.name ?? 'any time',
    hosts: jobs.length,
    concurrency: load.concurrency,
    needed: formatDuration(needed),
    available: formatDuration(available),
    suggestions: suggestions.join(', or '),
    smallest: { concurrency, duration: formatDuration(needed), nights: split.length, split },
  });
}

/** Packs into the given spans only, as if the wave began with the first of them. */
function packInto(spans: readonly TimeSpan[], jobs: readonly Job[], load: WaveLoad): Packing {
  const moved = jobs.map((job) => ({ ...job, opening: { ...job.opening, spans } }));
  return pack(moved, {
    from: latest(spans[0]?.start ?? load.from, load.from),
    concurrency: load.concurrency,
    sets: load.sets,
  });
}

/** How long one opening would have to be, cutoff included, in whole minutes. */
function timeNeeded(load: WaveLoad, jobs: readonly Job[]): Duration {
  const start = instant(0);
  const endless = { start, end: instant(Number.MAX_SAFE_INTEGER) };
  const { slots } = packInto([endless], jobs, { ...load, from: start });
  const end = slots.reduce((last, slot) => {
    // A fixed cutoff may keep more free after a reboot starts than the work takes.
    const reserve = endless.end - latestJobStart(slot.job, endless);
    return Math.max(last, slot.start + Math.max(reserve, slot.job.work.total));
  }, 0);
  return milliseconds(Math.ceil(end / minutes(1)) * minutes(1));
}

/** The least concurrency in the range that fits, found by halving; undefined when none does. */
function leastConcurrency(
  low: number,
  high: number,
  fits: (concurrency: number) => boolean,
): number | undefined {
  if (low > high || !fits(high)) return undefined;
  let [least, most] = [low, high];
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    if (fits(middle)) most = middle;
    else least = middle + 1;
  }
  return least;
}

function hostsByNight(load: WaveLoad, jobs: readonly Job[]): readonly number[] {
  const { slots } = packInto(upcoming(jobs[0], load.from), jobs, load);
  const counts = new Map<TimeSpan, number>();
  for (const { span } of slots) counts.set(span, (counts.get(span) ?? 0) + 1);
  return [...counts.values()];
}

function upcoming(job: Job | undefined, from: Instant): readonly TimeSpan[] {
  return job?.opening.spans.filter((span) => span.end > from) ?? [];
}

const latest = (a: Instant, b: Instant): Instant => (a > b ? a : b);

function longest(spans: readonly TimeSpan[]): Duration {
  return spans.reduce((most, span) => {
    const length = between(span.start, span.end);
    return length > most ? length : most;
  }, milliseconds(0));
}
