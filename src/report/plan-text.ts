import { formatLocal } from '../calendar/local-time.ts';
import { quantity } from '../core/quantity.ts';
import { formatDuration, parseInstant } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { Plan, PlannedHost, PlannedPhase, PlannedStep } from '../model/plan.ts';
import { describeTolerance } from '../plan/budget.ts';
import { dueSteps, summarizePlan } from '../plan/summary.ts';
import { describeFields } from './describe-fields.ts';
import type { Emphasis } from './emphasis.ts';
import { zoneOfWindow } from './window-zone.ts';

/**
 * A plan for reading in a terminal: what will happen, to whom, when, and what speaks against it.
 *
 * @param verbose - Lists each host's own changes as well.
 */
export function planText(plan: Plan, { paint, verbose }: { paint: Emphasis; verbose: boolean }): string {
  const sections = [
    headline(plan, paint),
    risks(plan, paint),
    ...plan.phases.map((phase) => phaseText(plan, phase, paint)),
    holds(plan, paint),
    excluded(plan, paint),
    ...(verbose ? plan.hosts.map((host) => hostText(host, paint)) : []),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline(plan: Plan, paint: Emphasis): string {
  const summary = summarizePlan(plan);
  const roles = Object.entries(summary.rebootingByRole).map(([role, count]) => `${count} ${role}`);
  const lines = [
    `${paint('bold', `Plan: ${plan.name}`)}  ${paint('dim', `digest ${plan.digest.slice(0, 12)}${plan.offline ? ', offline' : ''}`)}`,
    `  ${quantity(summary.hosts, 'host')}: ${summary.changing} change, ${summary.compliant} already as wanted, ${summary.held} held in a phase, ${summary.unknown} with something unknown`,
    `  ${quantity(summary.writes, 'write')}, ${quantity(summary.reboots, 'reboot')}${roles.length > 0 ? ` (hosts that reboot: ${roles.join(', ')})` : ''}`,
    `  Budget for the whole run: ${budgetText(plan.budget)}`,
  ];
  if (plan.approvals.required > 0) lines.push(`  Approvals needed: ${plan.approvals.required}`);
  return lines.join('\n');
}

function budgetText(budget: Plan['budget']): string {
  return (['failed', 'unreachable', 'unknown'] as const)
    .map((kind) => `${kind} ${describeTolerance(budget[kind])}`)
    .join('; ');
}

function risks({ risks: found }: Plan, paint: Emphasis): string {
  if (found.length === 0) return '';
  return [
    paint('bold', 'Risks'),
    ...found.map(
      ({ message, host }) => `  ${paint('warn', '!')} ${host === undefined ? '' : `${host}: `}${message}`,
    ),
  ].join('\n');
}

function phaseText(plan: Plan, phase: PlannedPhase, paint: Emphasis): string {
  const lines = [
    `${paint('bold', `Phase ${phase.name}`)}  ${paint('dim', phaseRules(phase))}`,
    ...phase.gates.map(({ manual }) => `  gate: a person answers “${manual.ask}”`),
    ...phase.waves.map((wave) => waveText(plan, phase, wave, paint)),
    ...stepCounts(plan, phase, paint),
  ];
  if (phase.soak !== null) lines.push(`  then soak ${phase.soak}`);
  return lines.join('\n');
}

function phaseRules(phase: PlannedPhase): string {
  const needs = phase.needs.length > 0 ? `needs ${phase.needs.join(', ')}; ` : '';
  return `${needs}at most ${phase.concurrency} at a time`;
}

function waveText(
  plan: Plan,
  phase: PlannedPhase,
  wave: PlannedPhase['waves'][number],
  paint: Emphasis,
): string {
  const slots = plan.timetable.filter((slot) => slot.phase === phase.name && wave.hosts.includes(slot.host));
  const reboots = plan.hosts.filter(
    (host) => wave.hosts.includes(host.host) && host.reboots.some((reboot) => reboot.phase === phase.name),
  ).length;
  const soak = wave.soak === null ? '' : `, then soak ${wave.soak}`;
  const when = slots.length === 0 ? 'nothing due' : timeText(plan, slots);
  return `  wave ${wave.name}: ${quantity(wave.hosts.length, 'host')}, ${quantity(reboots, 'reboot')}${soak}  ${paint('info', when)}`;
}

function timeText(plan: Plan, slots: Plan['timetable']): string {
  const start = slots.reduce(
    (least, { start: each }) => (each < least ? each : least),
    slots[0]?.start ?? '',
  );
  const end = slots.reduce((most, { end: each }) => (each > most ? each : most), '');
  const [from, to] = [parseInstant(start), parseInstant(end)];
  if (from === undefined || to === undefined) return '';
  const window = slots[0]?.window ?? null;
  const zone = zoneOfWindow(plan.calendar, window);
  const lasting = formatDuration((to - from) as Duration);
  return `${formatLocal(from, zone)}, about ${lasting}${window === null ? ', no window' : `, window ${window}`}`;
}

function stepCounts(plan: Plan, phase: PlannedPhase, paint: Emphasis): readonly string[] {
  return Object.entries(phase.controls).map(([control, wanted]) => {
    const steps = plan.hosts.flatMap((host) =>
      dueSteps(host).filter((step) => step.phase === phase.name && step.control === control),
    );
    const counts = (['write', 'reboot', 'unknown', 'none'] as const)
      .map((action) => ({ action, hosts: steps.filter((step) => step.action === action).length }))
      .filter(({ hosts }) => hosts > 0)
      .map(({ action, hosts }) => paint(toneOf(action), `${hosts} ${actionWords[action]}`));
    return `  ${control} (${describeFields(wanted)}): ${counts.join(', ') || 'no host'}`;
  });
}

const actionWords = {
  write: 'to write',
  reboot: 'to reboot only',
  unknown: 'unknown',
  none: 'nothing to do',
} as const;

function toneOf(action: PlannedStep['action']): 'good' | 'warn' | 'bad' | 'info' {
  return ({ none: 'good', write: 'warn', reboot: 'info', unknown: 'bad' } as const)[action];
}

function holds(plan: Plan, paint: Emphasis): string {
  const held = plan.hosts.filter((host) => host.holds.length > 0);
  if (held.length === 0) return '';
  const lines = held.flatMap((host) =>
    host.holds.map(({ phase, reason }) => `  ${host.host} in ${phase}: ${reason}`),
  );
  return [paint('bold', 'Held: not touched in the phase named, until somebody acts'), ...lines].join('\n');
}

function excluded(plan: Plan, paint: Emphasis): string {
  if (plan.excluded.length === 0) return '';
  const lines = plan.excluded.map(
    ({ host, phase, reason }) => `  ${host}${phase === undefined ? '' : ` in ${phase}`}: ${reason}`,
  );
  return [paint('bold', 'Not part of the plan'), ...lines].join('\n');
}

function hostText(host: PlannedHost, paint: Emphasis): string {
  const title = `${paint('bold', host.host)}  ${paint('dim', host.facts?.os.caption ?? 'not observed')}`;
  const lines = host.steps.map(
    (step) =>
      `  ${step.phase} / ${step.control}: ${paint(toneOf(step.action), step.action)} ${changeText(step)}${paint('dim', step.reason)}`,
  );
  return [title, ...lines].join('\n');
}

function changeText(step: PlannedStep): string {
  const changes = Object.entries(step.to).map(
    ([field, value]) => `${field} ${String(step.from[field] ?? 'absent')} → ${String(value)}`,
  );
  return changes.length === 0 ? '' : `${changes.join(', ')}  `;
}
