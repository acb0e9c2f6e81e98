import { scheduleOf, spanAt } from '../calendar/schedule.ts';
import { formatInstant } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { RunEvent } from '../model/event.ts';
import type { PlannedHost } from '../model/plan.ts';
import { reportSchemaName } from '../model/report.ts';
import type { Report, ReportedHost, ReportedStep } from '../model/report.ts';
import { countOutcomes, hostOutcome, phaseOutcome } from '../run/outcomes.ts';
import type { HostPhase, HostState, RebootState, RunState } from '../run/state.ts';
import { auditTrail } from './audit-trail.ts';
import { Evidence } from './evidence.ts';
import type { StepEvidence } from './evidence.ts';
import { nextStep, whyUnfinished } from './next-step.ts';
import { reportedPhase, runStanding } from './run-standing.ts';
import { runTimeline } from './run-timeline.ts';
import { zoneOfWindow } from './window-zone.ts';

export interface RecordedRun {
  readonly state: RunState;
  /** All events of the run, whose fold `state` is. */
  readonly events: readonly RunEvent[];
  /** Who makes the report. */
  readonly tool: { readonly name: string; readonly version: string };
}

/** The outcome of a run, ended or not, with the evidence for it (contract.md §4, `report@1`). */
export function buildReport({ state, events, tool }: RecordedRun): Report {
  const { plan, run, head, ended, waiting } = state;
  const evidence = new Evidence(events);
  const hosts = plan.hosts.flatMap((planned) => {
    const host = state.hosts.get(planned.host);
    return host === undefined ? [] : [reportedHost({ state, host, planned, evidence })];
  });
  return {
    schema: reportSchemaName,
    ...{ run, name: plan.name, plan: plan.digest, tool: { ...tool }, state: runStanding(state) },
    zone: zoneOfWindow(plan.calendar, null),
    started: formatInstant(state.startedAt),
    ended: ended === undefined ? null : formatInstant(ended.at),
    asOf: formatInstant(state.at),
    waiting:
      ended !== undefined || waiting === undefined
        ? null
        : {
            until: waiting.until === undefined ? null : formatInstant(waiting.until),
            reasons: [...waiting.reasons],
          },
    counts: countOutcomes(hosts.map(({ outcome }) => outcome)),
    phases: state.phases.map((phase) => reportedPhase(state, phase)),
    hosts,
    timeline: runTimeline(events),
    notes: auditTrail(events),
    risks: plan.risks,
    head: { ...head },
  };
}

interface HostSources {
  readonly state: RunState;
  readonly host: HostState;
  readonly planned: PlannedHost;
  readonly evidence: Evidence;
}

function reportedHost(sources: HostSources): ReportedHost {
  const { state, host, planned } = sources;
  const entered = state.phases.flatMap(({ name }) => host.phases[name] ?? []);
  return {
    host: host.host,
    groups: planned.groups,
    os: planned.facts?.os.caption ?? 'not observed',
    role: planned.role ?? 'unknown',
    outcome: hostOutcome(host),
    phases: Object.fromEntries(entered.map((own) => [own.phase, phaseOutcome(own)])),
    steps: entered.flatMap((own) => reportedSteps(sources, own)),
    reboots: entered.flatMap((own) => own.reboots.map((reboot) => reportedReboot(sources, own, reboot))),
    ...unfinishedPart(sources, entered),
  };
}

/** Reason and next step come from the first phase that has the host's outcome. */
function unfinishedPart(
  { state, host, evidence }: HostSources,
  entered: readonly HostPhase[],
): Pick<ReportedHost, 'code' | 'reason' | 'next' | 'commands'> {
  const outcome = hostOutcome(host);
  const own = entered.find((it) => phaseOutcome(it) === outcome);
  if (own === undefined || outcome === 'ok' || outcome === 'changed') return {};
  const { hint } = evidence.of(host.host, own.phase);
  const unfinished = { state, host, own, outcome, hint };
  const { advice, commands } = nextStep(unfinished);
  return {
    ...(own.code === undefined ? {} : { code: own.code }),
    reason: whyUnfinished(unfinished),
    next: advice,
    ...(commands.length === 0 ? {} : { commands: [...commands] }),
  };
}

/** The controls that the run looked at, else those that were planned. */
function reportedSteps({ planned, evidence }: HostSources, { host, phase }: HostPhase): ReportedStep[] {
  const { steps } = evidence.of(host, phase);
  const proven = [...steps].map(([control, step]) => provenStep({ phase, control }, step));
  const rest = planned.steps.filter((step) => step.phase === phase && !steps.has(step.control));
  const unread = rest.map(({ control, action, from, to, reason }) => ({
    ...{ phase, control, action, reason, wanted: to },
    before: Object.keys(from).length === 0 ? null : from,
    ...{ after: null, reboots: 0, verified: false },
  }));
  return [...proven, ...unread];
}

function provenStep(
  at: { readonly phase: string; readonly control: string },
  { before, wanted, after, written, needsReboot, reboots, verified, reason }: StepEvidence,
): ReportedStep {
  const isWrite = written || Object.keys(wanted).length > 0;
  const action = isWrite ? 'write' : needsReboot || reboots > 0 ? 'reboot' : 'none';
  return { ...at, action, before, wanted, after: after ?? null, reboots, verified, reason };
}

type ReportedReboot = ReportedHost['reboots'][number];

function reportedReboot(
  { state, planned }: HostSources,
  own: HostPhase,
  reboot: RebootState,
): ReportedReboot {
  const { requestedAt, backAt, bootBefore, bootAfter, nonce, by } = reboot;
  return {
    ...{ phase: own.phase, nonce, by, bootBefore, bootAfter: bootAfter ?? null },
    requestedAt: formatInstant(requestedAt),
    backAt: backAt === undefined ? null : formatInstant(backAt),
    window: openingAt(state.plan.calendar, planned.windows[own.phase], requestedAt),
  };
}

function openingAt(
  calendar: RunState['plan']['calendar'],
  name: string | undefined,
  at: Instant,
): ReportedReboot['window'] {
  if (name === undefined) return null;
  const schedule = scheduleOf(calendar, name);
  const span = schedule && spanAt(schedule, at);
  return span === undefined ? null : { name, start: formatInstant(span.start), end: formatInstant(span.end) };
}
