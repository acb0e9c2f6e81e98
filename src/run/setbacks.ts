import { minutes, plus, seconds } from '../core/time.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { Outcome } from '../model/report.ts';
import type { HostPhase, Setback } from './state.ts';

/** How a host ends because of what went wrong, in words for people and one for programs. */
export interface Conclusion {
  readonly outcome: Outcome;
  readonly code: string;
  readonly reason: string;
}

/** Tries in a row after which "not yet" becomes an answer. */
const triesBeforeGivingUp = { unreachable: 2, 'not-done': 3, unhealthyPartner: 3, unverified: 3 };

/** Failures that only a person can do something about, and that leave the host as it was. */
const holdsAtOnce = new Set([
  'reboot.already-scheduled',
  'reboot.users-logged-on',
  'session.powershell-too-old',
]);

/** What the latest setback means for the host; undefined while it is worth another try. */
export function concludeSetback(setback: Setback): Conclusion | undefined {
  const { result, reason, code } = setback;
  if (code !== undefined && holdsAtOnce.has(code)) return { outcome: 'held', code, reason };
  switch (result) {
    case 'failed':
      return { outcome: 'failed', code: code ?? 'failed', reason };
    case 'unknown':
      return { outcome: 'unknown', code: 'quarantined', reason };
    case 'unreachable': {
      // A host that was sent off and did not come back was waited for already.
      const limit = setback.kind === 'reboot-host' && setback.wasSent ? 1 : triesBeforeGivingUp.unreachable;
      return setback.times < limit ? undefined : { outcome: 'unreachable', code: 'unreachable', reason };
    }
    case 'not-done': {
      const isPartner = setback.unhealthy.length > 0;
      const limit = isPartner ? triesBeforeGivingUp.unhealthyPartner : triesBeforeGivingUp['not-done'];
      if (setback.times < limit) return undefined;
      return { outcome: 'held', code: isPartner ? 'redundancy' : (code ?? 'not-done'), reason };
    }
  }
  result satisfies never;
}

/** When a host that met a setback may be tried again. */
export function retryAt(own: HostPhase, settle: Duration): Instant {
  const { setback, since } = own;
  // Without a try that counts, only a controller died: the host need not be given time.
  if (setback === undefined || setback.times === 0) return since;
  if (setback.unhealthy.length > 0) return plus(setback.at, minutes(5));
  if (setback.kind === 'verify-host') return plus(setback.at, settle > 0 ? settle : seconds(30));
  return plus(setback.at, seconds(30));
}

/** What a verification that did not find the wanted state means; undefined while it is worth another look. */
export function concludeVerification(own: HostPhase, mayWait: boolean): Conclusion | 'as-wanted' | undefined {
  const { verification, reason } = own;
  if (verification === undefined) return undefined;
  const { looks } = verification;
  switch (verification.verdict) {
    case 'as-wanted':
      return 'as-wanted';
    case 'not-as-wanted':
      return { outcome: 'failed', code: 'not-as-wanted', reason };
    case 'unknown':
      if (looks < triesBeforeGivingUp.unverified) return undefined;
      return { outcome: 'unknown', code: 'not-verifiable', reason };
    case 'not-settled':
      if (mayWait && looks < triesBeforeGivingUp.unverified) return undefined;
      return { outcome: 'held', code: 'reboot-pending', reason };
  }
  verification.verdict satisfies never;
}
