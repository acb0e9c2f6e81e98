import type { Difference } from '../difference.ts';
import type { Delivered } from '../host/transcript.ts';
import type { Mapping } from '../yaml-file.ts';
import { show, unequal, unknownExpectation } from './finding.ts';

type Check = (expected: unknown, delivered: readonly Delivered[]) => readonly Difference[];

/** What only the host can tell: how often it was asked, and how its last answer to a Receive was. */
const checks: Readonly<Record<string, Check>> = {
  timeoutFaults: (expected, delivered) =>
    unequal('timeoutFaults', expected, delivered.filter(({ state }) => state === 'TimedOut').length),
  commandState: (expected, delivered) => unequal('commandState', expected, delivered.at(-1)?.state),
  wsmvExitCode: (expected, delivered) => unequal('wsmvExitCode', expected, delivered.at(-1)?.exitCode),
  receiveStates: (expected, delivered) =>
    unequal('receiveStates', show(expected), show(delivered.map(({ state }) => state))),
  thenReceives: (expected, delivered) =>
    unequal('thenReceives', show(expected), show(delivered.flatMap(({ messages }) => messages))),
};

export const deliveredNames: readonly string[] = Object.keys(checks);

/** Holds the answers that the host has given against what is expected of them. */
export function unlikeDelivered(expected: Mapping, delivered: readonly Delivered[]): readonly Difference[] {
  return Object.entries(expected).flatMap(([name, value]) => {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    return check === undefined ? [unknownExpectation(name, deliveredNames)] : check(value, delivered);
  });
}
