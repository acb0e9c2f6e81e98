import { Failure } from '../../../src/core/failure.ts';
import type { Difference } from '../difference.ts';
import { asMapping } from '../yaml-file.ts';
import { show, unequal, unknownExpectation } from './finding.ts';

const knownKeys = [
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

/**
 * Holds the failure that a caller gets against the fault that the host answered: the code and the subcode, which
 * decide what is done, and a text, which must be one of those that the host gave. Status, machine and provider are
 * the envelope of the recording itself.
 */
export function unlikeFault(expected: unknown, failure: Failure | undefined): readonly Difference[] {
  const fault = asMapping(expected) ?? {};
  if (failure === undefined) return unequal('fault', fault['wsmanCode'] ?? fault['subcode'], undefined);
  const { wsmanCode, subcode, reason } = faultIn(failure).details;
  const unknown = Object.keys(fault).filter((key) => !knownKeys.includes(key));
  const texts = [fault['reason'], fault['message'], fault['providerFault']].filter(
    (text) => text !== undefined,
  );
  const wantedSubcode = fault['subcode'];
  return [
    ...unknown.map((key) => unknownExpectation(`fault.${key}`, knownKeys)),
    ...('wsmanCode' in fault ? unequal('fault.wsmanCode', fault['wsmanCode'], wsmanCode) : []),
    ...(typeof wantedSubcode === 'string'
      ? unequal('fault.subcode', wantedSubcode.slice(wantedSubcode.indexOf(':') + 1), subcode)
      : []),
    ...(texts.length === 0 || (typeof reason === 'string' && texts.includes(reason))
      ? []
      : [{ path: 'fault.reason', expected: texts.map(show).join(' or '), got: show(reason) }]),
  ];
}

/** The failure that the host's fault became, under those that say what it meant for the caller. */
function faultIn(failure: Failure): Failure {
  for (let cause: unknown = failure; cause instanceof Failure; cause = cause.cause) {
    if ('wsmanCode' in cause.details) return cause;
  }
  return failure;
}
