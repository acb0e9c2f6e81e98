import type { Failure } from '../core/failure.ts';
import { milliseconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { Timers } from '../ports/timers.ts';

/** Waits between two tries to reach a host again. */
const shortestWaitMs = 250;
const longestWaitMs = 5000;

/**
 * Whether what broke may be whole again in a while, with the shell still there: the network between, or a service
 * that is starting. A logon that is denied is not tried again, since that would lock accounts.
 */
export function isPassing({ code, details }: Failure): boolean {
  switch (code) {
    case 'net.reset':
    case 'net.refused':
    case 'net.timeout':
    case 'net.logon-timeout':
    case 'net.no-answer':
    case 'net.failed':
    case 'net.name-not-found':
      return true;
    case 'http.status':
      return passingStatuses.has(Number(details['status']));
    default:
      return false;
  }
}

const passingStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Waits before the host is asked again, the longer the longer it has been away.
 *
 * @returns False where it has been away for longer than `patience`, or `signal` aborted.
 */
export async function waitToRetry(
  timers: Timers,
  { brokenSince, patience }: { readonly brokenSince: number; readonly patience: Duration },
  signal: AbortSignal,
): Promise<boolean> {
  const away = timers.monotonic() - brokenSince;
  if (away >= patience) return false;
  const wait = Math.min(Math.max(shortestWaitMs, away / 2), longestWaitMs, patience - away);
  await timers.sleep(milliseconds(wait), signal);
  return !signal.aborted;
}
