import type { EventDraft } from '../model/event.ts';
import { nextNeed, wasTouched } from './host-needs.ts';
import { enteredHostPhases, mayReboot, mayStart, plannedHost, plannedPhase } from './policy.ts';
import type { Policy } from './policy.ts';
import { setVerdict } from './redundancy.ts';
import { concludeSetback, concludeVerification } from './setbacks.ts';
import type { Conclusion } from './setbacks.ts';
import type { HostPhase } from './state.ts';

/** The hosts that have come to an end in their phase, with the evidence of each step. */
export function concludeHosts(policy: Policy): EventDraft[] {
  return enteredHostPhases(policy.state).flatMap((own) => {
    const conclusion = own.status === 'done' ? undefined : conclude(policy, own);
    if (conclusion === undefined) return [];
    const at = { host: own.host, phase: own.phase };
    return [...stepsFinished(own), { type: 'host.finished', ...at, data: { ...conclusion } }];
  });
}

function conclude(policy: Policy, own: HostPhase): Conclusion | undefined {
  switch (own.status) {
    case 'pending':
      return concludePending(policy, own);
    case 'ready':
      return concludeReady(policy, own);
    case 'awaiting-reboot':
      return concludeAwaitingReboot(policy, own);
    case 'settling':
    case 'verifying':
      return concludeVerifying(policy, own);
    case 'probing':
    case 'writing':
    case 'rebooting':
    case 'done':
      return undefined;
  }
  own.status satisfies never;
}

function isWaveOpen({ state }: Policy, own: HostPhase): boolean {
  const phase = state.phases.find(({ name }) => name === own.phase);
  return phase?.waves[own.wave]?.openedAt !== undefined;
}

function concludePending(policy: Policy, own: HostPhase): Conclusion | undefined {
  const { state } = policy;
  // It was asked already, so the answer counts even where nothing new may start.
  const setback = own.setback && concludeSetback(own.setback);
  if (setback !== undefined) return setback;
  if (!isWaveOpen(policy, own) || !mayStart(policy)) return undefined;
  const hold = plannedHost(policy, own.host).holds.find(({ phase }) => phase === own.phase);
  const needs = unmetNeed(policy, own);
  if (needs !== undefined) return { outcome: 'not-started', code: 'needs', reason: needs };
  if (hold !== undefined) return { outcome: 'held', code: hold.code, reason: hold.reason };
  return heldByPerson(policy, own) ?? (mayReboot(policy, own) ? blockedForGood(state, own.host) : undefined);
}

function unmetNeed(policy: Policy, own: HostPhase): string | undefined {
  const phases = policy.state.hosts.get(own.host)?.phases;
  for (const name of plannedPhase(policy, own.phase).needs) {
    const needed = phases?.[name];
    // A phase that the host is no part of asks nothing of it.
    if (needed === undefined || needed.outcome === 'ok' || needed.outcome === 'changed') continue;
    return `needs phase ${name}, which ended ${needed.outcome ?? 'unfinished'} on this host: ${needed.reason}`;
  }
  return undefined;
}

function heldByPerson({ state }: Policy, own: HostPhase): Conclusion | undefined {
  const hold = state.hosts.get(own.host)?.hold;
  if (hold === undefined) return undefined;
  const what = wasTouched(own) ? '; its settings are written, its reboot or proof is outstanding' : '';
  return { outcome: 'held', code: 'person', reason: `held by ${hold.by}: ${hold.reason}${what}` };
}

function blockedForGood(state: Policy['state'], host: string): Conclusion | undefined {
  const verdict = setVerdict(state, host, new Set());
  if (verdict.allowed || !verdict.forGood) return undefined;
  return { outcome: 'held', code: 'redundancy', reason: verdict.reason };
}

function concludeReady(policy: Policy, own: HostPhase): Conclusion | undefined {
  if (!wasTouched(own)) {
    const { reason } = own;
    if (own.setback === undefined && isSatisfied(own))
      return { outcome: 'ok', code: own.verdict === 'same' ? 'as-wanted' : 'satisfied', reason };
    if (own.setback === undefined && own.verdict === 'differs')
      return { outcome: 'held', code: 'differs', reason };
    if (own.setback === undefined && own.verdict === 'unknown')
      return { outcome: 'unknown', code: 'not-judged', reason };
  }
  const setback = own.setback && concludeSetback(own.setback);
  return setback ?? (nextNeed(own) === 'verify' ? undefined : heldByPerson(policy, own));
}

function concludeAwaitingReboot(policy: Policy, own: HostPhase): Conclusion | undefined {
  const setback = own.setback && concludeSetback(own.setback);
  return setback ?? heldByPerson(policy, own) ?? blockedForGood(policy.state, own.host);
}

function concludeVerifying(policy: Policy, own: HostPhase): Conclusion | undefined {
  if (own.setback !== undefined) return concludeSetback(own.setback);
  const mayWait = own.rebooted;
  const verified = concludeVerification(own, mayWait);
  if (verified !== 'as-wanted') return verified;
  const outcome = wasTouched(own) ? 'changed' : 'ok';
  return { outcome, code: 'verified', reason: own.reason };
}

/** Nothing to write and nothing to finish: as planned, or because somebody else was faster. */
function isSatisfied({ verdict, steps }: HostPhase): boolean {
  if (verdict === 'satisfied') return true;
  return verdict === 'same' && steps.every((step) => step.status === 'nothing-to-write' && !step.reboot);
}

/** Evidence of each control: from the second survey where there was one, else as the probe found it satisfied. */
function stepsFinished(own: HostPhase): EventDraft[] {
  const seen = own.verification?.steps;
  if (seen === undefined && !isSatisfied(own)) return [];
  return own.steps.map((step) => {
    const found = seen?.find(({ control }) => control === step.control);
    const isCompliant = seen === undefined || found?.compliance === 'compliant';
    return {
      type: 'step.finished',
      host: own.host,
      phase: own.phase,
      data: {
        control: step.control,
        before: step.found,
        after: found?.found ?? step.after ?? step.found,
        changed: step.status === 'written' || (own.rebooted && step.reboot),
        verified: isCompliant,
        reboots: own.rebooted && (step.reboot || step.restartNeeded) ? 1 : 0,
        reason: found?.reason ?? step.reason,
      },
    };
  });
}
