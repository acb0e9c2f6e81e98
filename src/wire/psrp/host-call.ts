import { failure } from '../../core/failure.ts';
import { integerOf, itemsOf, propertyOf, psEnum, psList, psRecord, textOf } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { encodeErrorRecord } from './error-record.ts';
import type { ErrorRecord } from './error-record.ts';
import { hostMethodName } from './host-methods.ts';

/** A server's call of a method of the client's host. */
export interface HostCall {
  readonly methodId: number;
  /** Name of the method; `Method57` where the specification has none. */
  readonly method: string;
  readonly parameters: readonly PsValue[];
  /** Undefined when the server wants no answer; the pipeline waits for all others. */
  readonly callId: bigint | undefined;
}

/** The call id that says no answer is wanted. */
const voidCallId = -100n;

export function decodeHostCall(body: PsValue | undefined): Result<HostCall> {
  const callId = propertyOf(body, 'ci');
  const method = propertyOf(body, 'mi');
  const methodId = integerOf(method);
  if (typeof callId !== 'bigint' || methodId === undefined) {
    return err(failure('psrp.malformed', { reason: 'a host call has no call or method id' }));
  }
  return ok({
    methodId,
    method: hostMethodName(methodId) ?? textOf(method) ?? `Method${methodId}`,
    parameters: itemsOf(propertyOf(body, 'mp')) ?? [],
    callId: callId === voidCallId ? undefined : callId,
  });
}

export function encodeHostCall(call: Omit<HostCall, 'method'>): PsValue {
  return psRecord({
    ci: call.callId ?? voidCallId,
    mi: methodEnum(call.methodId),
    mp: psList(call.parameters),
  });
}

/** What a host gives back: a value, nothing (for methods without a result), or an error that the script sees. */
export type HostAnswer =
  | { readonly kind: 'value'; readonly value: PsValue }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly error: ErrorRecord };

export function encodeHostAnswer(callId: bigint, methodId: number, answer: HostAnswer): PsValue {
  return psRecord({
    ci: callId,
    mi: methodEnum(methodId),
    ...(answer.kind === 'value' ? { mr: answer.value } : {}),
    ...(answer.kind === 'refused' ? { me: encodeErrorRecord(answer.error) } : {}),
  });
}

const methodEnum = (methodId: number): PsValue =>
  psEnum(
    'System.Management.Automation.Remoting.RemoteHostMethodId',
    methodId,
    hostMethodName(methodId) ?? String(methodId),
  );
