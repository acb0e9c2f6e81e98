import type { PsValue } from '../../../src/core/ps-value.ts';
import type { Difference } from '../difference.ts';
import { unlike } from '../values/expected.ts';
import { asMapping } from '../yaml-file.ts';
import { unequal, unknownExpectation } from './finding.ts';

/** A call of the client's host, and what it answered. */
export interface PlayedHostCall {
  /** -100 where no answer is wanted. */
  readonly callId: number;
  readonly method: string;
  readonly methodId: number;
  readonly parameters: readonly PsValue[];
}

const knownKeys = ['callId', 'method', 'methodId', 'args', 'response', 'error'];

/** Holds calls against those that are expected. Answers are held against the recording, as all requests are. */
export function unlikeHostCalls(
  expected: readonly unknown[],
  calls: readonly PlayedHostCall[],
): readonly Difference[] {
  const count = unequal('hostCalls.(count)', expected.length, calls.length);
  return [
    ...expected.flatMap((call, index) => unlikeCall(call, calls[index], `hostCalls[${index}]`)),
    ...count,
  ];
}

function unlikeCall(
  expected: unknown,
  call: PlayedHostCall | undefined,
  path: string,
): readonly Difference[] {
  const wanted = asMapping(expected) ?? {};
  if (call === undefined) return unequal(path, wanted['method'], undefined);
  const unknown = Object.keys(wanted).filter((key) => !knownKeys.includes(key));
  const args = wanted['args'];
  return [
    ...unknown.map((key) => unknownExpectation(`${path}.${key}`, knownKeys)),
    ...unequal(`${path}.method`, wanted['method'] ?? call.method, call.method),
    ...unequal(`${path}.methodId`, wanted['methodId'] ?? call.methodId, call.methodId),
    ...unequal(`${path}.callId`, wanted['callId'] ?? call.callId, call.callId),
    ...(Array.isArray(args) ? unlikeArguments(args, call.parameters, `${path}.args`) : []),
  ];
}

function unlikeArguments(
  expected: readonly unknown[],
  got: readonly PsValue[],
  path: string,
): readonly Difference[] {
  return [
    ...unequal(`${path}.(count)`, expected.length, got.length),
    ...expected.flatMap((item, index) => unlike(item, got[index], `${path}[${index}]`)),
  ];
}
