import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { formatDuration, milliseconds } from '../../core/time.ts';
import type { RunTimeouts, TimeoutKind } from '../run-watch.ts';

/** What a failure of something that ran must tell. */
export interface Running {
  readonly host: string;
  /** `The pipeline`, `ipconfig`. */
  readonly what: string;
  readonly timeouts: RunTimeouts;
}

/** What was sent and never reported its end: perhaps it ran, perhaps it still does. */
export function unknownOutcome({ host, what }: Running, cause: Failure): Failure {
  switch (cause.code) {
    // These say what happened in full, and not that something is unknown.
    case 'pipeline.output-limit':
    case 'psrp.too-large':
      return cause;
    case 'net.aborted':
      return failure('net.aborted', { ...cause.details, host, stopped: false }, cause);
    default:
      return failure(
        'pipeline.outcome-unknown',
        { host, what, because: cause.code, reason: lowerFirst(cause.message) },
        cause,
      );
  }
}

/** One of the bounds that the caller set was passed. */
export function timedOut(
  { host, what, timeouts }: Running,
  limit: TimeoutKind,
  facts: { readonly started: boolean; readonly stopped: boolean },
): Failure {
  const after = formatDuration(timeouts[limit] ?? milliseconds(0));
  return failure('pipeline.timeout', { host, what, limit, after, ...facts });
}

/** What a caller who gave up is told. */
export function stoppedByCaller(host: string, stopped: boolean): Failure {
  return failure('net.aborted', { host, sent: true, stopped });
}

/** For use inside a sentence; names and abbreviations stay as they are. */
function lowerFirst(sentence: string): string {
  return /^(?:[A-Z][a-z]|A )/.test(sentence)
    ? sentence.charAt(0).toLowerCase() + sentence.slice(1)
    : sentence;
}
