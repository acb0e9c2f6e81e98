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
  for (const [opening, jobs] of Map.groupBy(load.jobs, (job) => job.opening)) {
    const share: WindowShare = {
      ...load,
      jobs,
      window: opening.schedule.name ?? 'any time',
      spans: opening.spans.filter((span) => span.end > load.from),
      until: opening.until,
    };
    const problem =
      whyHostsDoNotFit(share) ?? (load.allowSpill ? whyNoEnd(share) : whyTogetherDoNotFit(share));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The jobs of a wave that share a window. */
interface WindowShare extends WaveLoad {
  /** For people. */
  readonly window: string;
  /** From `from` on. */
  readonly spans: readonly TimeSpan[];
  readonly until: Instant;
}

function whyHostsDoNotFit(share: WindowShare): Failure | undefined {
  const { from, phase, spans, until, window } = share;
  if (spans.length === 0)
    return failure('plan.infeasible-window', {
      phase,
      window,
      from: formatInstant(from),
      until: formatInstant(until),
    });
  const fits = (job: Job): boolean =>
    spans.some((span) => latestJobStart(job, span) >= latest(span.start, from));
  const tooLong = share.jobs.find((job) => !fits(job));
  if (tooLong === undefined) return undefined;
  return failure('plan.infeasible-host', {
    phase,
    host: tooLong.host,
    window,
    needed: formatDuration(tooLong.work.total),
    available: formatDuration(longest(spans)),
  });
}

/** Even with spilling the calendar ends some day. */
function whyNoEnd(share: WindowShare): Failure | undefined {
  const { unplaced } = packInto(share.spans, share);
  if (unplaced.length === 0) return undefined;
  const { phase, until, wave, window } = share;
  return failure('plan.infeasible-horizon', {
    phase,
    wave,
    window,
    left: unplaced.length,
    until: formatInstant(until),
  });
}

function whyTogetherDoNotFit(share: WindowShare): Failure | undefined {
  const tried = share.spans.slice(0, occurrencesTried);
  const fits = (concurrency: number): boolean =>
    tried.some((span) => packInto([span], { ...share, concurrency }).unplaced.length === 0);
  if (fits(share.concurrency)) return undefined;
  const duration = formatDuration(timeNeeded(share));
  const concurrency = leastConcurrency(share.concurrency + 1, share.jobs.length, fits);
  const split = hostsByNight(share);
  const suggestions = [
    ...(concurrency === undefined ? [] : [`concurrency ${concurrency}`]),
    `a window of ${duration}`,
    `${split.length} nights with --allow-spill (${split.join(' + ')} hosts)`,
  ];
  return failure('plan.infeasible', {
    phase: share.phase,
    wave: share.wave,
    window: share.window,
    hosts: share.jobs.length,
    concurrency: share.concurrency,
    needed: duration,
    available: formatDuration(longest(tried)),
    suggestions: suggestions.join(', or '),
    smallest: { concurrency, duration, nights: split.length, split },
  });
}

/** Packs into the given spans only, as if the wave began with the first of them. */
function packInto(spans: readonly TimeSpan[], share: WindowShare): Packing {
  const jobs = share.jobs.map((job) => ({ ...job, opening: { ...job.opening, spans } }));
  return pack(jobs, share);
}

/** How long one opening would have to be, cutoff included, in whole minutes. */
function timeNeeded(share: WindowShare): Duration {
  const endless = { start: instant(0), end: instant(Number.MAX_SAFE_INTEGER) };
  const { slots } = packInto([endless], { ...share, from: endless.start });
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

function hostsByNight(share: WindowShare): readonly number[] {
  const { slots } = packInto(share.spans, share);
  return [...Map.groupBy(slots, ({ span }) => span).values()].map((night) => night.length);
}

const latest = (a: Instant, b: Instant): Instant => (a > b ? a : b);

function longest(spans: readonly TimeSpan[]): Duration {
  return spans.reduce((most, span) => {
    const length = between(span.start, span.end);
    return length > most ? length : most;
  }, milliseconds(0));
}
