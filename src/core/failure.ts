import { failureCodes } from './failure-codes.ts';
import type { FailureCode } from './failure-codes.ts';
import type { Blame, FailureSpec, Retry } from './failure-spec.ts';
import type { JsonObject } from './json.ts';

export type { FailureCode } from './failure-codes.ts';

/** The document form of a failure (contract.md §4). */
export interface FailureDocument {
  readonly code: FailureCode;
  readonly message: string;
  readonly blame: Blame;
  readonly retry: Retry;
  readonly hint?: string;
  readonly details: JsonObject;
}

/** An expected failure with a registered code. It is an Error only to carry a stack and a cause. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly blame: Blame;
  readonly retry: Retry;
  readonly hint: string | undefined;
  readonly details: JsonObject;

  constructor(code: FailureCode, details: JsonObject, cause?: unknown) {
    const spec: FailureSpec = failureCodes[code];
    super(spec.message(details), cause === undefined ? undefined : { cause });
    this.name = 'Failure';
    this.code = code;
    this.blame = spec.blame;
    this.retry = spec.retry;
    this.hint = spec.hint?.(details);
    this.details = details;
  }

  toJSON(): FailureDocument {
    return {
      code: this.code,
      message: this.message,
      blame: this.blame,
      retry: this.retry,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      details: this.details,
    };
  }
}

/**
 * Makes a failure with a registered code.
 *
 * @param details - Facts for the message; never a secret.
 * @param cause - The lower failure or exception that led here.
 */
export function failure(code: FailureCode, details: JsonObject = {}, cause?: unknown): Failure {
  return new Failure(code, details, cause);
}
