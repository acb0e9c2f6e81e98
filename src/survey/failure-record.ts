import type { Failure } from '../core/failure.ts';
import type { FailureRecord } from '../model/observation.ts';

/** A failure as the data that an observation stores. */
export function failureRecord(failure: Failure): FailureRecord {
  return { ...failure.toJSON() };
}
