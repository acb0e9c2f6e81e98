import { effectiveSpans, scheduleOf } from '../calendar/schedule.ts';
import { horizon } from '../calendar/occurrences.ts';
import type { Failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { milliseconds, parseDuration, plus } from '../core/time.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { Calendar } from '../model/schedule.ts';
import type { PlannedHost, PlannedPhase, PlannedWave } from '../model/plan.ts';
import { expectedWork } from './expectations.ts';
import type { Expectations } from './expectations.ts';
import { whyInfeasible } from './feasibility.ts';
import { pack } from './pack.ts';
import type { Job, Opening, SetLimit, Slot } from './pack.ts';

export interface TimetableRequest {
  readonly hosts: readonly PlannedHost[];
  readonly phases: readonly PlannedPhase[];
  readonly calendar: Calendar;
  readonly sets: readonly SetLimit[];
  readonly now: Instant;
  readonly allowSpill: boolean;
  readonly expectations: Expectations;
}

export interface TimetableEntry extends Slot {
  readonly phase: string;
  readonly wave: string;
}

/** Expected times of a plan; manual gates are taken as answered at once. */
export interface Timetable {
  readonly entries: readonly TimetableEntry[];
  /** Waves that are expected to go on in a further occurrence of their window. */
  readonly spilling: readonly { phase: string; wave: string; window: string; occurrences: number }[];
  readonly end: Instant;
}

/**
 * Places the work of each wave into its windows, one phase and wave after the other with their soaks between.
 *
 * @returns Failure `plan.infeasible…` for the first wave that cannot be done.
 */
export function makeTimetable(request: TimetableRequest): Result<Timetable> {
  const openings = openingsOf(request);
  const hosts = new Map(request.hosts.map((host) => [host.host, host]));
  const entries: TimetableEntry[] = [];
  let cursor = request.now;
  for (const phase of request.phases) {
    for (const wave of phase.waves) {
      const jobs = jobsOf(phase, wave, {
        hosts,
        openings,
        expectations: request.expectations,
        sets: request.sets,
      });
      const placed = placeWave({ phase, wave, jobs, from: cursor }, request);
      if (!placed.ok) return placed;
      entries.push(...placed.value.map((slot) => ({ ...slot, phase: phase.name, wave: wave.name })));
      cursor = placed.value.reduce((end, slot) => (slot.end > end ? slot.end : end), cursor);
      cursor = plus(cursor, soakOf(wave.soak));
    }
    cursor = plus(cursor, soakOf(phase.soak));
  }
  return ok({ entries, spilling: spills(entries), end: cursor });
}

function placeWave(
  load: { phase: PlannedPhase; wave: PlannedWave; jobs: readonly Job[]; from: Instant },
  { sets, allowSpill }: TimetableRequest,
): Result<readonly Slot[]> {
  const { phase, wave, jobs, from } = load;
  const rules = { from, concurrency: phase.concurrency, sets };
  const problem: Failure | undefined = whyInfeasible({
    ...rules,
    phase: phase.name,
    wave: wave.name,
    jobs,
    allowSpill,
  });
  return problem === undefined ? ok(pack(jobs, rules).slots) : err(problem);
}

/** Work on the hosts of a wave: those with something due, or of which nobody knows whether something is. */
function jobsOf(
  phase: PlannedPhase,
  wave: PlannedWave,
  o: {
    hosts: ReadonlyMap<string, PlannedHost>;
    openings: (name: string | null) => Opening;
    expectations: Expectations;
    sets: readonly SetLimit[];
  },
): Job[] {
  return wave.hosts.flatMap((name) => {
    const host = o.hosts.get(name);
    if (host === undefined || host.holds.some((hold) => hold.phase === phase.name)) return [];
    const due = host.steps.filter((step) => step.phase === phase.name && step.action !== 'none');
    if (due.length === 0) return [];
    const isUnknown = due.some((step) => step.action === 'unknown');
    const mayReboot = isUnknown && phase.reboot.when === 'needed' && canBeSpared(name, o.sets);
    const reboots = mayReboot || due.some((step) => step.reboot);
    const work = expectedWork({ role: host.role, reboots, policy: phase.reboot }, o.expectations);
    return [{ host: name, opening: o.openings(host.windows[phase.name] ?? null), work, reboots }];
  });
}

/** A host whose sets have no member to spare will not be let reboot, so no place is kept for one. */
function canBeSpared(host: string, sets: readonly SetLimit[]): boolean {
  return sets.every((set) => set.slack > 0 || !set.healthy.has(host));
}

/** Each window's openings, worked out once. A window that the calendar lacks never opens. */
function openingsOf({ calendar, now }: TimetableRequest): (name: string | null) => Opening {
  const known = new Map<string | null, Opening>();
  const until = plus(now, horizon);
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const schedule = scheduleOf(calendar, name);
    const opening =
      schedule === undefined
        ? { schedule: { name, window: null, freezes: [] }, spans: [], until }
        : { schedule, spans: effectiveSpans(schedule, { start: now, end: until }), until };
    known.set(name, opening);
    return opening;
  };
}

function spills(entries: readonly TimetableEntry[]): Timetable['spilling'] {
  const inWindows = entries.flatMap(({ job, phase, span, wave }) => {
    const window = job.opening.schedule.name;
    return window === null ? [] : [{ phase, wave, window, span }];
  });
  const waves = Map.groupBy(inWindows, ({ phase, wave, window }) => `${phase}/${wave}/${window}`);
  return [...waves.values()].flatMap((slots) => {
    const occurrences = new Set(slots.map(({ span }) => span)).size;
    return occurrences < 2
      ? []
      : slots.slice(0, 1).map(({ phase, wave, window }) => ({ phase, wave, window, occurrences }));
  });
}

function soakOf(text: string | null): Duration {
  return (text === null ? undefined : parseDuration(text)) ?? milliseconds(0);
}
