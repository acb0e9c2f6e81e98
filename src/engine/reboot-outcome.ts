import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import type { RebootHost } from '../model/intent.ts';
import type { RebootOutcome } from '../model/intent-outcome.ts';
import type { HostPorts } from './host-ports.ts';
import { failureRecord } from './outcome-of.ts';
import { nowText } from './perform-survey.ts';
import type { WatchResult } from './watch-reboot.ts';

/** Outcome of a reboot that came to nothing, or of which nothing is known. */
export function rebootFailed(
  intent: RebootHost,
  result: RebootOutcome['result'],
  error: Failure,
): RebootOutcome {
  const { bootBefore } = intent;
  return { kind: 'reboot-host', result, reason: error.message, failure: failureRecord(error), bootBefore };
}

/** Who rebooted the host, and when it was told to. */
export interface Requested {
  readonly by: 'countersign' | 'elsewhere';
  readonly at?: string;
}

/** The outcome of a reboot after it was waited for. */
export function rebootWatched(
  ports: HostPorts,
  intent: RebootHost,
  requested: Requested,
  watched: WatchResult,
): RebootOutcome {
  const { host, timeout } = intent;
  const request = requested.at === undefined ? {} : { requestedAt: requested.at };
  const details = { host, after: timeout, reason: 'reason' in watched ? watched.reason : '' };
  switch (watched.kind) {
    case 'back': {
      const who = requested.by === 'countersign' ? '' : ' by somebody else';
      return {
        ...{ kind: 'reboot-host', result: 'done', reason: `rebooted${who}`, bootBefore: intent.bootBefore },
        ...{ ...request, bootAfter: watched.boot, backAt: nowText(ports), by: requested.by },
      };
    }
    case 'not-ready': {
      const failed = rebootFailed(intent, 'failed', failure('reboot.not-ready', details));
      return { ...failed, ...request, bootAfter: watched.boot, by: requested.by };
    }
    case 'silent':
      return { ...rebootFailed(intent, 'unreachable', failure('reboot.not-back', details)), ...request };
    case 'same-boot':
      // It was told to go, and may still do so: nobody may touch it before a person has looked.
      return { ...rebootFailed(intent, 'unknown', failure('reboot.not-back', details)), ...request };
    default:
      return watched satisfies never;
  }
}
