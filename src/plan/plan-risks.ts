import { effectiveSpans } from '../calendar/schedule.ts';
import type { Schedule } from '../calendar/schedule.ts';
import { formatLocal } from '../calendar/local-time.ts';
import { clockChanges } from '../calendar/zoned.ts';
import { byCodeUnit } from '../core/json.ts';
import { between, formatDuration, hours, parseDuration, parseInstant, plus } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { Plan, Risk } from '../model/plan.ts';
import { describeTolerance } from './budget.ts';
import { expectedWork } from './expectations.ts';
import type { PlanRequest } from './request.ts';
import { summarizePlan } from './summary.ts';
import type { Timetable } from './timetable.ts';

export interface RiskContext {
  readonly request: PlanRequest;
  readonly timetable: Timetable;
  readonly emptyWaves: readonly { phase: string; wave: string }[];
}

/** What the people who approve a plan should know first; most telling first. */
export function planRisks(plan: Plan, context: RiskContext): Risk[] {
  return [
    ...extentRisks(plan),
    ...setRisks(plan, context.request),
    ...hostListRisks(plan),
    ...waveRisks(plan, context),
    ...windowRisks(plan, context),
    ...offlineRisks(plan, context.request.now),
  ];
}

function extentRisks(plan: Plan): Risk[] {
  const { hosts, changing, reboots, rebootingByRole, unknown } = summarizePlan(plan);
  const roles = Object.entries(rebootingByRole).map(([role, count]) => `${count} ${role}`);
  const risks: Risk[] = [
    {
      code: 'extent',
      message: `${changing} of ${hosts} hosts change, with ${reboots} reboots${roles.length === 0 ? '' : ` (${roles.join(', ')})`}`,
    },
    { code: 'budget', message: `over the run: ${describeBudget(plan.budget)}` },
  ];
  const controllers = rebootingByRole['domain-controller'] ?? 0;
  if (controllers > 0)
    risks.push({ code: 'domain-controllers', message: `${controllers} domain controllers reboot` });
  if (unknown > 0)
    risks.push({
      code: 'unknown-steps',
      message: `${unknown} hosts have steps that are only known when they are probed; they may write and reboot too`,
    });
  return risks;
}

function describeBudget(budget: Plan['budget']): string {
  const kinds = [
    ['failed', budget.failed],
    ['unreachable', budget.unreachable],
    ['unknown', budget.unknown],
  ] as const;
  return kinds.map(([kind, tolerated]) => `${kind}: ${describeTolerance(tolerated)}`).join('; ');
}

function setRisks(plan: Plan, { observations }: PlanRequest): Risk[] {
  const rebooting = new Set(plan.hosts.filter((host) => host.reboots.length > 0).map(({ host }) => host));
  return plan.sets.flatMap((set) => {
    const members = set.hosts.filter((host) => rebooting.has(host));
    if (members.length === 0) return [];
    const unseen = set.hosts.filter((host) => !observations.has(host));
    const risks: Risk[] = [];
    if (set.hosts.length - 1 === set.minAvailable)
      risks.push({
        code: 'set-at-minimum',
        message: `redundancy set ${set.name} falls to its minimum of ${set.minAvailable} while ${members.join(' or ')} reboots`,
      });
    if (unseen.length > 0)
      risks.push({
        code: 'set-partner-unobserved',
        message: `redundancy set ${set.name}: nobody looked whether ${unseen.join(', ')} is up`,
      });
    return risks;
  });
}

/** One line a kind that many hosts share; each host carries the detail. */
function hostListRisks(plan: Plan): Risk[] {
  const kinds: [code: string, text: string][] = [
    ['unreachable', 'unreachable now'],
    ['denied', 'deny the logon'],
    ['managed', 'have a setting that group policy manages'],
    ['feature-removal', 'lose a Windows feature, which is not taken back without another reboot'],
  ];
  const risks = kinds.flatMap(([code, text]) => {
    const names = plan.hosts
      .filter((host) => host.risks.some((risk) => risk.code === code))
      .map(({ host }) => host);
    return names.length === 0 ? [] : [{ code, message: `${names.length} hosts ${text}: ${shorten(names)}` }];
  });
  const held = plan.hosts.filter((host) => host.holds.length > 0).map(({ host }) => host);
  if (held.length > 0)
    risks.push({ code: 'held', message: `${held.length} hosts are held: ${shorten(held)}` });
  return risks;
}

function waveRisks(plan: Plan, { emptyWaves, timetable }: RiskContext): Risk[] {
  const leftOver = new Map<string, string[]>();
  for (const { host, phase } of plan.excluded)
    if (phase !== undefined) leftOver.set(phase, [...(leftOver.get(phase) ?? []), host]);
  return [
    ...emptyWaves.map(({ phase, wave }) => ({
      code: 'empty-wave',
      message: `phase ${phase}: no host is in wave ${wave}, so the next wave goes first`,
    })),
    ...[...leftOver].map(([phase, names]) => ({
      code: 'left-over',
      message: `phase ${phase}: ${names.length} hosts are in no wave and are not touched: ${shorten(names)}`,
    })),
    ...timetable.spilling.map(({ phase, wave, window, occurrences }) => ({
      code: 'spills',
      message: `phase ${phase}: wave ${wave} is expected to take ${occurrences} openings of window ${window}`,
    })),
  ];
}

function windowRisks(plan: Plan, context: RiskContext): Risk[] {
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
  { request }: RiskContext,
): Risk[] {
  const reserve = parseDuration(cutoff);
  if (reserve === undefined) return [];
  const late = plan.phases.flatMap(({ name: phase, reboot: policy }) =>
    plan.hosts.filter(
      ({ reboots, role }) =>
        reboots.some((it) => it.phase === phase && it.window === name) &&
        expectedWork({ role, reboots: true, policy }, request.expectations).afterRebootStarts > reserve,
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
  { request, timetable }: RiskContext,
): Risk[] {
  const atLeast = plus(request.now, watchedAhead);
  const within = { start: request.now, end: timetable.end > atLeast ? timetable.end : atLeast };
  const changes = clockChanges(zone, within);
  const crossing = effectiveSpans(schedule, within).filter((span) =>
    changes.some(({ at }) => span.start <= at && at <= span.end),
  );
  return crossing.map(({ end, start }) => ({
    code: 'clock-change',
    message: `window ${name} crosses a clock change: it lasts ${formatDuration(between(start, end))}, from ${formatLocal(start, zone)} to ${formatLocal(end, zone)}`,
  }));
}

function offlineRisks(plan: Plan, now: Instant): Risk[] {
  if (!plan.offline) return [];
  const times = plan.hosts.flatMap((host) =>
    host.observedAt === null ? [] : [parseInstant(host.observedAt) ?? now],
  );
  const unseen = plan.hosts.length - times.length;
  const oldest = times.reduce((first, at) => (at < first ? at : first), now);
  const age = `the oldest observation is ${formatDuration(between(oldest, now))} old`;
  const never = unseen === 0 ? '' : `, and ${unseen} hosts were never observed`;
  return [{ code: 'offline', message: `planned offline, nothing was asked: ${age}${never}` }];
}

/** The first few names, and how many more. */
function shorten(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length <= 5 ? shown : `${shown} and ${names.length - 5} more`;
}
