import type { Failure } from '../core/failure.ts';
import type { ErrorRecord } from '../wire/psrp/error-record.ts';
import type { FinalPipelineState } from '../wire/psrp/states.ts';
import { faultCodes } from '../wire/wsman/fault-codes.ts';
import type { TimeoutKind } from './run-watch.ts';

/** How a pipeline came out, seen from here. */
export type Invocation = (
  | {
      readonly kind: 'ended';
      readonly state: FinalPipelineState;
      readonly reason: ErrorRecord | undefined;
    }
  /** The host has not begun it, and will not. */
  | { readonly kind: 'not-started'; readonly failure: Failure }
  /** It was sent; whether it began, went on or ended is not known. */
  | { readonly kind: 'lost'; readonly failure: Failure }
) & {
  /** Which of its bounds ended it, where one did. */
  readonly timedOut?: TimeoutKind;
};

/**
 * Judges a Command that failed. Only what proves that the host refused or never saw it counts as not started; all
 * else is lost, since a write that may have happened must never be reported as undone.
 */
export function failedCommand(failure: Failure): Invocation {
  return { kind: isRefusal(failure) ? 'not-started' : 'lost', failure };
}

/** Whether the shell was gone before the command came, so that a new shell may take it. */
export function foundNoShell(invocation: Invocation): boolean {
  return invocation.kind === 'not-started' && invocation.failure.code === 'wsman.shell-gone';
}

/** Whether the host refused the command because it had disconnected the shell. */
export function wasDisconnected(invocation: Invocation): boolean {
  return invocation.kind === 'not-started' && invocation.failure.code === 'wsman.disconnected';
}

function isRefusal({ code, details }: Failure): boolean {
  switch (code) {
    case 'wsman.quota':
    case 'wsman.access-denied':
    case 'wsman.rejected':
    case 'wsman.no-configuration':
    case 'wsman.envelope-too-large':
      return true;
    // The rest of the area is said while logging on, when no envelope has left.
    case 'auth.bad-seal':
    case 'auth.unsealed':
    case 'auth.malformed-sealing':
      return false;
    case 'wsman.shell-gone':
      // Other codes of this failure say that the process behind the shell died, perhaps of this very command.
      return details['wsmanCode'] === faultCodes.invalidSelectors;
    case 'wsman.disconnected':
      // The other code of this failure ends a Receive.
      return details['wsmanCode'] === faultCodes.shellDisconnected;
    case 'http.status':
      return refusingStatuses.has(Number(details['status']));
    default:
      return details['sent'] === false || code.startsWith('auth.');
  }
}

/** Unreadable, not logged on, no such path, service not ready. A gateway's 502 or 504 proves nothing. */
const refusingStatuses: ReadonlySet<number> = new Set([400, 401, 404, 503]);
