import { parseInstant } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { EventOf } from '../model/event.ts';
import type { Intent } from '../model/intent.ts';
import type { FoundStep, IntentOutcome, RebootOutcome, VerifyVerdict } from '../model/intent-outcome.ts';
import { changeHostPhase } from './draft.ts';
import type { Draft } from './draft.ts';
import { nextNeed } from './host-needs.ts';
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
  const phase = draft.plan.phases.find(({ name }) => name === intent.phase);
  changeHostPhase(draft, intent, (own) => {
    const settled = {
      ...own,
      since: at,
      reason: outcome.reason,
      ...(outcome.result === 'done' ? succeeded(own, intent, outcome) : setBack(own, intent, outcome, at)),
    };
    const awaits = settled.status === 'ready' && nextNeed(settled, phase?.reboot.when) === 'reboot';
    return awaits ? { ...settled, status: 'awaiting-reboot' } : settled;
  });
}

function succeeded(own: HostPhase, intent: Intent, outcome: IntentOutcome): Partial<HostPhase> {
  switch (outcome.kind) {
    case 'probe-host':
      return {
        status: 'ready',
        setback: undefined,
        verdict: outcome.finding?.verdict ?? 'unknown',
        steps: outcome.finding?.steps.map(stepOf) ?? [],
        boot: outcome.finding?.boot,
        pendingBefore: outcome.finding?.pendingReboot ?? [],
      };
    case 'write-control':
      return {
        status: 'ready',
        setback: undefined,
        boot: outcome.boot ?? own.boot,
        steps: own.steps.map((step) =>
          intent.kind === 'write-control' && step.control === intent.control
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
    case 'verify-host':
      return {
        status: needsAnotherLook(outcome.finding?.verdict) ? 'settling' : 'verifying',
        setback: undefined,
        boot: outcome.finding?.boot ?? own.boot,
        verification: outcome.finding && {
          verdict: outcome.finding.verdict,
          steps: outcome.finding.steps,
          looks: (own.verification?.looks ?? 0) + 1,
        },
      };
    default:
      return outcome satisfies never;
  }
}

function needsAnotherLook(verdict: VerifyVerdict | undefined): boolean {
  return verdict === 'not-settled' || verdict === 'unknown';
}

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
  return {
    nonce: intent.kind === 'reboot-host' ? intent.nonce : '',
    requestedAt: parseInstant(outcome.requestedAt ?? '') ?? own.since,
    backAt: parseInstant(outcome.backAt ?? ''),
    bootBefore: outcome.bootBefore,
    bootAfter: outcome.bootAfter,
    by: outcome.by ?? 'countersign',
  };
}

function setBack(own: HostPhase, intent: Intent, outcome: IntentOutcome, at: Instant): Partial<HostPhase> {
  if (outcome.result === 'done') return {};
  const before = own.setback?.kind === intent.kind ? own.setback.times : 0;
  const wasSent = outcome.kind === 'reboot-host' && outcome.requestedAt !== undefined;
  const setback: Setback = {
    kind: intent.kind,
    control: intent.kind === 'write-control' ? intent.control : undefined,
    result: outcome.result,
    // The death of a controller says nothing about the host, so it uses up none of its tries.
    times: outcome.reconciled === true && outcome.result === 'not-done' ? before : before + 1,
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
