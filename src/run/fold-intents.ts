import type { Instant } from '../core/time.ts';
import type { EventOf } from '../model/event.ts';
import type { Intent, RebootHost, WriteControl } from '../model/intent.ts';
import type { FoundStep, IntentOutcome, IntentResult, RebootOutcome } from '../model/intent-outcome.ts';
import { changeHostPhase } from './draft.ts';
import type { Draft } from './draft.ts';
import { nextNeed } from './host-needs.ts';
import { recordedTime } from './recorded-time.ts';
import type { HostPhase, HostStatus, RebootState, Setback, StepState } from './state.ts';

const statusWhile: Record<Intent['kind'], HostStatus> = {
  'probe-host': 'probing',
  'write-control': 'writing',
  'reboot-host': 'rebooting',
  'verify-host': 'verifying',
};

/** Where a host falls back to when its intent came to nothing. */
const statusAfterSetback: Record<Intent['kind'], HostStatus> = {
  'probe-host': 'pending',
  'write-control': 'ready',
  'reboot-host': 'awaiting-reboot',
  'verify-host': 'settling',
};

export function intentRecorded(draft: Draft, event: EventOf<'intent.recorded'>, at: Instant): void {
  const { intent } = event.data;
  draft.inFlight.set(intent.id, { intent, at });
  draft.waiting = undefined;
  changeHostPhase(draft, intent, (own) => ({
    status: statusWhile[intent.kind],
    since: at,
    attempts: { ...own.attempts, [intent.kind]: own.attempts[intent.kind] + 1 },
  }));
}

export function intentSettled(draft: Draft, event: EventOf<'intent.settled'>, at: Instant): void {
  const entry = draft.inFlight.get(event.data.intent);
  if (entry === undefined) return;
  draft.inFlight.delete(event.data.intent);
  const { intent } = entry;
  const { outcome } = event.data;
  const { result } = outcome;
  const phase = draft.plan.phases.find(({ name }) => name === intent.phase);
  changeHostPhase(draft, intent, (own) => {
    const settled = {
      ...own,
      since: at,
      reason: outcome.reason,
      ...(result === 'done'
        ? succeeded(own, intent, outcome)
        : setBack(own, intent, outcome, { result, at })),
    };
    const awaits = settled.status === 'ready' && nextNeed(settled, phase?.reboot.when) === 'reboot';
    return awaits ? { ...settled, status: 'awaiting-reboot' } : settled;
  });
}

function succeeded(own: HostPhase, intent: Intent, outcome: IntentOutcome): Partial<HostPhase> {
  switch (outcome.kind) {
    case 'probe-host': {
      const { verdict, steps, boot, pendingReboot: pendingBefore } = outcome.finding ?? nothingFound;
      return { status: 'ready', setback: undefined, verdict, steps: steps.map(stepOf), boot, pendingBefore };
    }
    case 'write-control':
      return {
        status: 'ready',
        setback: undefined,
        boot: outcome.boot ?? own.boot,
        steps: own.steps.map((step) =>
          step.control === (intent as WriteControl).control
            ? { ...step, status: 'written', after: outcome.after, restartNeeded: outcome.restartNeeded }
            : step,
        ),
      };
    case 'reboot-host':
      return {
        status: 'settling',
        setback: undefined,
        rebooted: true,
        boot: outcome.bootAfter ?? own.boot,
        reboots: [...own.reboots, rebootOf(intent, outcome, own)],
      };
    case 'verify-host': {
      const { verdict, steps, boot = own.boot } = outcome.finding ?? nothingFound;
      const looks = (own.verification?.looks ?? 0) + 1;
      const needsAnotherLook = verdict === 'not-settled' || verdict === 'unknown';
      const status = needsAnotherLook ? 'settling' : 'verifying';
      return { status, setback: undefined, boot, verification: { verdict, steps, looks } };
    }
  }
  outcome satisfies never;
}

/** A survey that was made and said nothing that can be used. */
const nothingFound = { verdict: 'unknown', steps: [], boot: undefined, pendingReboot: [] } as const;

function stepOf(found: FoundStep): StepState {
  const { control, change, reboot, reason } = found;
  const status = Object.keys(change).length > 0 ? 'due' : 'nothing-to-write';
  return {
    ...{ control, found: found.found, change, reboot, reason, status },
    after: undefined,
    restartNeeded: false,
    verified: false,
  };
}

function rebootOf(intent: Intent, outcome: RebootOutcome, own: HostPhase): RebootState {
  const { requestedAt, backAt } = outcome;
  return {
    // An outcome is of its intent's kind.
    nonce: (intent as RebootHost).nonce,
    requestedAt: requestedAt === undefined ? own.since : recordedTime(requestedAt),
    backAt: backAt === undefined ? undefined : recordedTime(backAt),
    bootBefore: outcome.bootBefore,
    bootAfter: outcome.bootAfter,
    by: outcome.by ?? 'countersign',
  };
}

function setBack(
  own: HostPhase,
  intent: Intent,
  outcome: IntentOutcome,
  { result, at }: { result: Exclude<IntentResult, 'done'>; at: Instant },
): Partial<HostPhase> {
  const before = own.setback?.kind === intent.kind ? own.setback.times : 0;
  const wasSent = outcome.kind === 'reboot-host' && outcome.requestedAt !== undefined;
  const setback: Setback = {
    kind: intent.kind,
    control: intent.kind === 'write-control' ? intent.control : undefined,
    result,
    // The death of a controller says nothing about the host, so it uses up none of its tries.
    times: outcome.reconciled === true && result === 'not-done' ? before : before + 1,
    at,
    reason: outcome.reason,
    wasSent,
    code: outcome.failure?.code,
    unhealthy: (outcome.kind === 'reboot-host' ? outcome.unhealthy : undefined) ?? [],
  };
  return {
    status: statusAfterSetback[intent.kind],
    setback,
    ...(wasSent ? { reboots: [...own.reboots, rebootOf(intent, outcome, own)] } : {}),
  };
}
