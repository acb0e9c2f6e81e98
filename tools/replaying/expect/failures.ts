import { Failure } from '../../../src/core/failure.ts';
import type { Difference } from '../difference.ts';
import { asMapping } from '../yaml-file.ts';
import type { Mapping } from '../yaml-file.ts';
import { show, unequal, unknownExpectation } from './finding.ts';

const faultKeys = [
  'httpStatus',
  'soapCode',
  'subcode',
  'reason',
  'wsmanCode',
  'machine',
  'provider',
  'providerPath',
  'providerFault',
  'message',
];

/** Names of expectations that say that a caller gets a failure. */
const failureNames = [
  'fault',
  'authError',
  'auth_error',
  'httpError',
  'http_error',
  'transportError',
  'transport_error',
];

/** What is expected of a step, apart: that it fails (undefined where it must not), and all else. */
export interface SplitExpectation {
  readonly failing: Mapping | undefined;
  readonly others: Mapping;
}

export function splitExpectation(expected: Mapping = {}): SplitExpectation {
  const entries = Object.entries(expected);
  const failing = entries.filter(([name]) => failureNames.includes(name));
  return {
    failing: failing.length === 0 ? undefined : Object.fromEntries(failing),
    others: Object.fromEntries(entries.filter(([name]) => !failureNames.includes(name))),
  };
}

/** Holds the failure that a caller gets, if it gets one, against the one that is expected. */
export function unlikeFailure(expected: Mapping, outcome: unknown): readonly Difference[] {
  const [[name, value] = ['no failure', {}]] = Object.entries(expected);
  if (!(outcome instanceof Failure)) return [{ path: name, expected: show(value), got: 'no failure' }];
  switch (name) {
    case 'fault':
      return unlikeFault(value, outcome);
    case 'authError':
    case 'auth_error':
      return unequal(name, 'auth.denied', innermost(outcome).code);
    case 'httpError':
    case 'http_error':
      return unequal(name, 'net', innermost(outcome).code.split('.')[0]);
    case 'transportError':
    case 'transport_error':
      return unequal(
        `${name}.code`,
        asMapping(value)?.['code'] ?? value,
        innermost(outcome).details['status'],
      );
    default:
      return [{ path: 'the outcome', expected: 'no failure', got: outcome.message }];
  }
}

/**
 * Holds the failure that a caller gets against the fault that the host answered: the code and the subcode, which
 * decide what is done, and a text, which must be one of those that the host gave. Status, machine and provider are
 * the envelope of the recording itself.
 */
function unlikeFault(expected: unknown, failure: Failure): readonly Difference[] {
  const fault = asMapping(expected) ?? {};
  const { wsmanCode, subcode, reason } = faultIn(failure).details;
  const unknown = Object.keys(fault).filter((key) => !faultKeys.includes(key));
  const texts = [fault['reason'], fault['message'], fault['providerFault']].filter(
    (text) => text !== undefined,
  );
  const wantedSubcode = fault['subcode'];
  return [
    ...unknown.map((key) => unknownExpectation(`fault.${key}`, faultKeys)),
    ...('wsmanCode' in fault ? unequal('fault.wsmanCode', fault['wsmanCode'], wsmanCode) : []),
    ...(typeof wantedSubcode === 'string'
      ? unequal('fault.subcode', wantedSubcode.slice(wantedSubcode.indexOf(':') + 1), subcode)
      : []),
    ...(texts.length === 0 || texts.some((text) => isSameText(text, reason))
      ? []
      : [{ path: 'fault.reason', expected: texts.map(show).join(' or '), got: show(reason) }]),
  ];
}

/** Servers end some of their texts with line ends, which are cut off where the texts are read. */
function isSameText(text: unknown, reason: unknown): boolean {
  return typeof text === 'string' && typeof reason === 'string' && text.trim() === reason.trim();
}

/** What was the matter at the bottom. */
function innermost(failure: Failure): Failure {
  return failure.cause instanceof Failure ? innermost(failure.cause) : failure;
}

/** The failure that the host's fault became, under those that say what it meant for the caller. */
function faultIn(failure: Failure): Failure {
  for (let cause: unknown = failure; cause instanceof Failure; cause = cause.cause) {
    if ('wsmanCode' in cause.details) return cause;
  }
  return failure;
}
