import type { Failure } from '../core/failure.ts';
import type { Intent } from '../model/intent.ts';
import type { IntentOutcome, IntentResult } from '../model/intent-outcome.ts';
import type { FailureRecord } from '../model/observation.ts';

/** An outcome of the intent's own kind that has nothing to tell but its result. */
export function outcomeOf(
  intent: Intent,
  result: IntentResult,
  reason: string,
  cause?: Failure,
): IntentOutcome {
  const common = { result, reason, ...(cause === undefined ? {} : { failure: failureRecord(cause) }) };
  switch (intent.kind) {
    case 'probe-host':
      return { kind: 'probe-host', ...common };
    case 'write-control':
      return { kind: 'write-control', ...common, changed: [], restartNeeded: false };
    case 'reboot-host':
      return { kind: 'reboot-host', ...common, bootBefore: intent.bootBefore };
    case 'verify-host':
      return { kind: 'verify-host', ...common };
    default:
      return intent satisfies never;
  }
}

/** A failure as data, for the journal. */
export function failureRecord(failure: Failure): FailureRecord {
  const { code, message, blame, retry, hint } = failure;
  return { code, message, blame, retry, ...(hint === undefined ? {} : { hint }) };
}
