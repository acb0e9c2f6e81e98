import { formatLocal } from '../calendar/local-time.ts';
import { effectiveSpans } from '../calendar/schedule.ts';
import type { Schedule } from '../calendar/schedule.ts';
import { clockChanges } from '../calendar/zoned.ts';
import { byCodeUnit } from '../core/json.ts';
import { between, formatDuration, hours, parseDuration, plus } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { Plan, Risk } from '../model/plan.ts';
import { expectedWork } from './expectations.ts';
import type { Expectations } from './expectations.ts';
import { shorten } from './shorten.ts';

export interface WindowContext {
  readonly now: Instant;
  /** Expected end of the whole plan. */
  readonly end: Instant;
  readonly expectations?: Expectations;
}

/** What the windows that the plan uses have in store. */
export function windowRisks(plan: Plan, context: WindowContext): Risk[] {
  const used = new Set(plan.hosts.flatMap((host) => Object.values(host.windows)));
  const windows = Object.entries(plan.calendar.windows).filter(([name]) => used.has(name));
  return windows
    .sort(([a], [b]) => byCodeUnit(a, b))
    .flatMap(([name, window]) => {
      if ('always' in window)
        return [
          { code: 'always-window', message: `window ${name} is always open: hosts in it reboot at any hour` },
        ];
      const schedule = { name, window, freezes: plan.calendar.freezes };
      return [
        ...cutoffRisks(plan, { name, cutoff: window.cutoff }, context),
        ...clockChangeRisks({ name, schedule, zone: window.timezone }, context),
      ];
    });
}

/** A fixed cutoff is obeyed even where it is shorter than the work. */
function cutoffRisks(
  plan: Plan,
  { cutoff, name }: { name: string; cutoff: string },
  { expectations }: WindowContext,
): Risk[] {
  const reserve = parseDuration(cutoff);
  if (reserve === undefined) return [];
  const late = plan.phases.flatMap(({ name: phase, reboot: policy }) =>
    plan.hosts.filter(
      ({ reboots, role }) =>
        reboots.some((it) => it.phase === phase && it.window === name) &&
        expectedWork({ role, reboots: true, policy }, expectations).afterRebootStarts > reserve,
    ),
  );
  if (late.length === 0) return [];
  const names = shorten([...new Set(late.map(({ host }) => host))]);
  return [
    {
      code: 'short-cutoff',
      message: `window ${name}: a reboot that starts at its cutoff of ${cutoff} is expected to end after the window on ${names}`,
    },
  ];
}

/** Looked at for at least so long, since a run may start later than planned. */
const watchedAhead = hours(24 * 35);

function clockChangeRisks(
  { name, schedule, zone }: { name: string; schedule: Schedule; zone: string },
  { end, now }: WindowContext,
): Risk[] {
  const atLeast = plus(now, watchedAhead);
  const within = { start: now, end: end > atLeast ? end : atLeast };
  const changes = clockChanges(zone, within);
  const crossing = effectiveSpans(schedule, within).filter((span) =>
    changes.some(({ at }) => span.start <= at && at <= span.end),
  );
  return crossing.map((span) => ({
    code: 'clock-change',
    message: `window ${name} crosses a clock change: it lasts ${formatDuration(between(span.start, span.end))}, from ${formatLocal(span.start, zone)} to ${formatLocal(span.end, zone)}`,
  }));
}
