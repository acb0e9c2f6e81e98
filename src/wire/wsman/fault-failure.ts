import { failure } from '../../core/failure.ts';
import type { Failure, FailureCode } from '../../core/failure.ts';
import type { WsmanFault } from './fault.ts';
import { faultCodes } from './fault-codes.ts';

/** Whether a Receive merely found nothing to give within its time, and is to be asked again. */
export function isTimedOut(fault: WsmanFault): boolean {
  return fault.code === faultCodes.timedOut || (fault.code === undefined && fault.subcode === 'TimedOut');
}

/** Turns a fault into the failure that tells an operator, or a policy, what to do. */
export function faultFailure(
  fault: WsmanFault,
  during: { readonly host: string; readonly action: string },
): Failure {
  return failure(failureCode(fault), {
    ...during,
    wsmanCode: fault.code ?? fault.subcode,
    subcode: fault.subcode,
    reason: fault.reason,
  });
}

function failureCode(fault: WsmanFault): FailureCode {
  const byCode = fault.code === undefined ? undefined : codesOfFaults.get(fault.code);
  return byCode ?? codesOfSubcodes.get(fault.subcode) ?? 'wsman.fault';
}

const codesOfFaults: ReadonlyMap<number, FailureCode> = new Map<number, FailureCode>([
  [faultCodes.invalidSelectors, 'wsman.shell-gone'],
  [faultCodes.shutdownInProgress, 'wsman.shell-gone'],
  [faultCodes.rpcUnavailable, 'wsman.shell-gone'],
  [faultCodes.rpcFailed, 'wsman.shell-gone'],
  [faultCodes.hiveUnloaded, 'wsman.shell-gone'],
  [faultCodes.shellQuota, 'wsman.quota'],
  [faultCodes.operationQuota, 'wsman.quota'],
  [faultCodes.accessDenied, 'wsman.access-denied'],
  // Logon failures of the plugin: no logon servers, no such session, bad user name or password.
  [1311, 'wsman.access-denied'],
  [1312, 'wsman.access-denied'],
  [1326, 'wsman.access-denied'],
  [faultCodes.invalidParameter, 'wsman.rejected'],
  [faultCodes.badHeader, 'wsman.rejected'],
  [faultCodes.powershellException, 'wsman.rejected'],
  // PowerShell plugin: protocol version, plug-in options and their values.
  [0x80540bc5, 'wsman.rejected'],
  [0x80540bc6, 'wsman.rejected'],
  [0x80540bc7, 'wsman.rejected'],
]);

const codesOfSubcodes: ReadonlyMap<string, FailureCode> = new Map<string, FailureCode>([
  ['InvalidSelectors', 'wsman.shell-gone'],
  ['QuotaLimit', 'wsman.quota'],
  ['Concurrency', 'wsman.quota'],
  ['AccessDenied', 'wsman.access-denied'],
  ['EncodingLimit', 'wsman.rejected'],
  ['InvalidParameter', 'wsman.rejected'],
  ['MustUnderstand', 'wsman.rejected'],
  ['SchemaValidationError', 'wsman.rejected'],
  ['InvalidResourceURI', 'wsman.no-configuration'],
  ['DestinationUnreachable', 'wsman.no-configuration'],
]);
