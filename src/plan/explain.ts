import { closedBy, nextOpening, scheduleOf } from '../calendar/schedule.ts';
import { formatLocal } from '../calendar/local-time.ts';
import { formatInstant, parseInstant } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { Plan, PlannedHost, PlannedPhase, PlannedStep } from '../model/plan.ts';

/**
 * Why a host is touched or not, when, and by which rule: one line each, a phase after the other.
 *
 * @param now - For what is open or shut right now.
 */
export function explainPlan(plan: Plan, host: string, now: Instant): string[] {
  const planned = plan.hosts.find((it) => it.host === host);
  const excluded = plan.excluded.filter((it) => it.host === host);
  if (planned === undefined) {
    const reasons = excluded.map((it) => `${host} is not touched: ${it.reason}`);
    return reasons.length === 0 ? [`${host} is not in the inventory of this plan`] : reasons;
  }
  const sets = plan.sets.filter((set) => set.hosts.includes(host));
  return [
    `${host} (${planned.role ?? 'role unknown'}; groups ${planned.groups.join(', ')})`,
    ...sets.map(
      (set) => `set ${set.name}: at least ${set.minAvailable} of ${set.hosts.length} members stay up`,
    ),
    ...plan.phases.flatMap((phase) => explainPhase(plan, planned, phase, now)),
    ...planned.risks.map((risk) => `risk: ${risk.message}`),
  ];
}

function explainPhase(plan: Plan, host: PlannedHost, phase: PlannedPhase, now: Instant): string[] {
  const wave = phase.waves.find((it) => it.hosts.includes(host.host));
  if (wave === undefined) {
    const excluded = plan.excluded.find((it) => it.host === host.host && it.phase === phase.name);
    return [`phase ${phase.name}: not touched: ${excluded?.reason ?? 'its hosts do not include this one'}`];
  }
  const hold = host.holds.find((it) => it.phase === phase.name);
  const steps = host.steps.filter((step) => step.phase === phase.name).map(explainStep);
  if (hold !== undefined) return [`phase ${phase.name}: held: ${hold.reason} (${hold.code})`, ...steps];
  const gate = wave.gate === null ? '' : `, opens when ${wave.gate}`;
  const needs = phase.needs.length === 0 ? '' : `, after ${phase.needs.join(' and ')} ended well`;
  return [
    `phase ${phase.name}: wave ${wave.name}${needs}${gate}`,
    ...steps,
    ...explainTime(plan, host, phase, now),
  ];
}

function explainStep(step: PlannedStep): string {
  const changes = Object.entries(step.to).map(
    ([field, value]) => `${field} ${String(step.from[field] ?? 'absent')} -> ${String(value)}`,
  );
  const detail = changes.length === 0 ? '' : ` ${changes.join(', ')}`;
  return `  ${step.control}: ${step.action}${detail}${step.reboot ? ', with a reboot' : ''}: ${step.reason}`;
}

function explainTime(plan: Plan, host: PlannedHost, phase: PlannedPhase, now: Instant): string[] {
  const entry = plan.timetable.find((it) => it.host === host.host && it.phase === phase.name);
  if (entry === undefined) return ['  nothing is due'];
  const name = host.windows[phase.name] ?? null;
  const window = name === null ? undefined : plan.calendar.windows[name];
  const zone = window !== undefined && 'timezone' in window ? window.timezone : undefined;
  const show = (at: Instant): string => (zone === undefined ? formatInstant(at) : formatLocal(at, zone));
  const showText = (text: string): string => {
    const at = parseInstant(text);
    return at === undefined ? text : show(at);
  };
  return [
    `  expected ${showText(entry.start)} to ${showText(entry.end)}${name === null ? ', in no window' : ` in window ${name}`}`,
    ...explainNow(plan, name, { now, show }),
  ];
}

function explainNow(
  plan: Plan,
  name: string | null,
  { now, show }: { now: Instant; show: (at: Instant) => string },
): string[] {
  const schedule = scheduleOf(plan.calendar, name);
  if (schedule === undefined) return [];
  const closed = closedBy(schedule, now);
  if (closed === undefined) return name === null ? [] : [`  window ${name} is open now`];
  const next = nextOpening(schedule, now);
  const opens = next === undefined ? 'it does not open again' : `it opens ${show(next.start)}`;
  if (closed.kind === 'freeze')
    return [`  shut now by freeze ${closed.freeze.name} until ${show(closed.until)}; ${opens}`];
  return [`  window ${closed.name} is shut now; ${opens}`];
}
