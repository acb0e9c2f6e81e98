import { failure } from '../../core/failure.ts';
import { integerOf, propertyOf, psRecord } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';

/** What a client asks of the pool; every question has a number that its answer repeats. */
export type RunspaceRequest =
  | { readonly kind: 'get-available-runspaces' }
  | { readonly kind: 'set-min-runspaces'; readonly count: number }
  | { readonly kind: 'set-max-runspaces'; readonly count: number }
  /** Forgets variables, history and what scripts left behind; protocol 2.3. */
  | { readonly kind: 'reset-runspace-state' };

const countNames = { 'set-min-runspaces': 'MinRunspaces', 'set-max-runspaces': 'MaxRunspaces' } as const;

/** Writes SET_MIN_RUNSPACES and its like (MS-PSRP §2.2.2.6, 7, 11; RESET_RUNSPACE_STATE §2.2.2.31). */
export function encodeRunspaceRequest(request: RunspaceRequest, callId: bigint): PsValue {
  const count = 'count' in request ? { [countNames[request.kind]]: request.count } : {};
  return psRecord({ ...count, ci: callId });
}

export function decodeRunspaceRequest(
  kind: RunspaceRequest['kind'],
  body: PsValue | undefined,
): Result<{ readonly callId: bigint; readonly request: RunspaceRequest }> {
  const callId = propertyOf(body, 'ci');
  if (typeof callId !== 'bigint') return err(failure('psrp.malformed', { reason: `${kind} has no call id` }));
  if (kind === 'get-available-runspaces' || kind === 'reset-runspace-state') {
    return ok({ callId, request: { kind } });
  }
  const count = integerOf(propertyOf(body, countNames[kind]));
  if (count === undefined) return err(failure('psrp.malformed', { reason: `${kind} names no number` }));
  return ok({ callId, request: { kind, count } });
}

/**
 * RUNSPACE_AVAILABILITY (MS-PSRP §2.2.2.8): the answer to a request, whether it was granted or how many runspaces are
 * free. The specification has an Int64 for the number; Windows 2016 sends an Int32.
 */
export interface RunspaceAvailability {
  readonly callId: bigint;
  readonly answer: boolean | number;
}

export function encodeRunspaceAvailability({ callId, answer }: RunspaceAvailability): PsValue {
  return psRecord({
    SetMinMaxRunspacesResponse: typeof answer === 'number' ? BigInt(answer) : answer,
    ci: callId,
  });
}

export function decodeRunspaceAvailability(body: PsValue | undefined): Result<RunspaceAvailability> {
  const callId = propertyOf(body, 'ci');
  const value = propertyOf(body, 'SetMinMaxRunspacesResponse');
  const answer = typeof value === 'boolean' ? value : integerOf(value);
  if (typeof callId !== 'bigint' || answer === undefined) {
    return err(failure('psrp.malformed', { reason: 'an answer about runspaces answers nothing' }));
  }
  return ok({ callId, answer });
}
