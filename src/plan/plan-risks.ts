import { quantity } from '../core/quantity.ts';
import { between, formatDuration, parseInstant } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { Plan, Risk } from '../model/plan.ts';
import { describeTolerance } from './budget.ts';
import type { PlanRequest } from './request.ts';
import { shorten } from './shorten.ts';
import { summarizePlan } from './summary.ts';
import type { Timetable } from './timetable.ts';
import { windowRisks } from './window-risks.ts';

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
    ...windowRisks(plan, { ...context.request, end: context.timetable.end }),
    ...offlineRisks(plan, context.request.now),
  ];
}

function extentRisks(plan: Plan): Risk[] {
  const { hosts, changing, reboots, rebootingByRole, unknown } = summarizePlan(plan);
  const roles = Object.entries(rebootingByRole).map(([role, count]) => `${count} ${role}`);
  const risks: Risk[] = [
    {
      code: 'extent',
      message: `${changing} of ${quantity(hosts, 'host')} to change, with ${quantity(reboots, 'reboot')}${roles.length === 0 ? '' : ` (${roles.join(', ')})`}`,
    },
    { code: 'budget', message: `over the run: ${describeBudget(plan.budget)}` },
  ];
  const controllers = rebootingByRole['domain-controller'] ?? 0;
  if (controllers > 0)
    risks.push({
      code: 'domain-controllers',
      message: `${quantity(controllers, 'domain controller')} to reboot`,
    });
  if (unknown > 0)
    risks.push({
      code: 'unknown-steps',
      message: `${quantity(unknown, 'host')} with steps that only the probe can tell; they may write and reboot too`,
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
    ['denied', 'denying the logon'],
    ['managed', 'with a setting that group policy manages'],
    ['feature-removal', 'losing a Windows feature, which is not taken back without another reboot'],
  ];
  const risks = kinds.flatMap(([code, text]) => {
    const names = plan.hosts
      .filter((host) => host.risks.some((risk) => risk.code === code))
      .map(({ host }) => host);
    return names.length === 0
      ? []
      : [{ code, message: `${quantity(names.length, 'host')} ${text}: ${shorten(names)}` }];
  });
  const held = plan.hosts.filter((host) => host.holds.length > 0).map(({ host }) => host);
  if (held.length > 0)
    risks.push({ code: 'held', message: `${quantity(held.length, 'host')} held: ${shorten(held)}` });
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
      message: `phase ${phase}: ${quantity(names.length, 'host')} in no wave, not touched: ${shorten(names)}`,
    })),
    ...timetable.spilling.map(({ phase, wave, window, occurrences }) => ({
      code: 'spills',
      message: `phase ${phase}: wave ${wave} is expected to take ${occurrences} openings of window ${window}`,
    })),
  ];
}

function offlineRisks(plan: Plan, now: Instant): Risk[] {
  if (!plan.offline) return [];
  const times = plan.hosts.flatMap((host) =>
    host.observedAt === null ? [] : [parseInstant(host.observedAt) ?? now],
  );
  const unseen = plan.hosts.length - times.length;
  const oldest = times.reduce((first, at) => (at < first ? at : first), now);
  const age = `the oldest observation is ${formatDuration(between(oldest, now))} old`;
  const never = unseen === 0 ? '' : `, and ${quantity(unseen, 'host')} never observed`;
  return [{ code: 'offline', message: `planned offline, nothing was asked: ${age}${never}` }];
}
