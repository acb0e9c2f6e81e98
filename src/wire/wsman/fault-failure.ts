import { failure } from '../../core/failure.ts';
import type { Failure, FailureCode } from '../../core/failure.ts';
import type { WsmanFault } from './fault.ts';
import { faultCodes } from './fault-codes.ts';

/** Whether a Receive merely found nothing to give within its time, and is to be asked again. */
export function isTimedOut(fault: WsmanFault): boolean {
  return fault.code === faultCodes.timedOut || (fault.code === undefined && fault.subcode === 'TimedOut');
}

/** Whether the shell or command that was meant does not exist (any more). */
export function isGone({ code, subcode }: WsmanFault): boolean {
  return code === undefined ? subcode === 'InvalidSelectors' : code === faultCodes.invalidSelectors;
}

/** Whether what should be created exists already. */
export function isAlreadyThere({ code, subcode }: WsmanFault): boolean {
  return code === faultCodes.alreadyExists || subcode === 'AlreadyExists';
}

/** Whether an operation ended only because its shell was closed or disconnected meanwhile, which is no error then. */
export function isClosing(fault: WsmanFault): boolean {
  const code = failureCode(fault);
  return code === 'wsman.aborted' || code === 'wsman.disconnected';
}

/** Turns a fault into the failure that tells an operator, or a policy, what to do. */
export function faultFailure(
  fault: WsmanFault,
  during: { readonly host: string; readonly action: string },
): Failure {
  const code = failureCode(fault);
  return failure(code, {
    ...during,
    wsmanCode: fault.code ?? fault.subcode,
    subcode: fault.subcode,
    reason: fault.reason,
    ...(code === 'wsman.quota' ? { quota: quotaKind(fault) } : {}),
  });
}

/** What is used up, since each has its own remedy: wait, open another shell, or terminate finished commands. */
function quotaKind({
  code,
  subcode,
}: WsmanFault): 'shells' | 'operations' | 'commands' | 'users' | 'unknown' {
  return quotaKinds.get(code ?? 0) ?? (subcode === 'Concurrency' ? 'operations' : 'unknown');
}

function failureCode({ code, subcode }: WsmanFault): FailureCode {
  const byCode =
    code === undefined ? undefined : (codesOfFaults.get(code) ?? codesOfFaults.get(win32Code(code)));
  return byCode ?? codesOfSubcodes.get(subcode) ?? 'wsman.fault';
}

/** A Win32 error may come dressed as an HRESULT: 0x80070005 is 5. */
function win32Code(code: number): number {
  return code >>> 16 === 0x8007 ? code & 0xffff : code;
}

const quotaKinds: ReadonlyMap<number, ReturnType<typeof quotaKind>> = new Map([
  [faultCodes.shellQuota, 'shells'],
  [faultCodes.pluginShellsPerUserQuota, 'shells'],
  [faultCodes.pluginShellsQuota, 'shells'],
  [faultCodes.operationQuota, 'operations'],
  [faultCodes.pluginOperationsQuota, 'operations'],
  [faultCodes.pluginOperationsPerUserQuota, 'operations'],
  [faultCodes.commandQuota, 'commands'],
  [faultCodes.shellUserQuota, 'users'],
  [faultCodes.pluginUsersQuota, 'users'],
]);

const codesOfFaults: ReadonlyMap<number, FailureCode> = new Map<number, FailureCode>([
  [faultCodes.invalidSelectors, 'wsman.shell-gone'],
  [faultCodes.shutdownInProgress, 'wsman.shell-gone'],
  [faultCodes.rpcUnavailable, 'wsman.shell-gone'],
  [faultCodes.rpcFailed, 'wsman.shell-gone'],
  [faultCodes.hiveUnloaded, 'wsman.shell-gone'],
  [faultCodes.userQuota, 'wsman.quota'],
  [faultCodes.systemQuota, 'wsman.quota'],
  ...[...quotaKinds.keys()].map((code) => [code, 'wsman.quota'] as const),
  [faultCodes.operationAborted, 'wsman.aborted'],
  [faultCodes.cancelled, 'wsman.aborted'],
  [faultCodes.shellDisconnected, 'wsman.disconnected'],
  [faultCodes.streamDisconnected, 'wsman.disconnected'],
  [faultCodes.unknownResourceUri, 'wsman.no-configuration'],
  [faultCodes.invalidResourceUri, 'wsman.no-configuration'],
  [faultCodes.accessDenied, 'wsman.access-denied'],
  [faultCodes.shellsNotAllowed, 'wsman.access-denied'],
  // Logon failures of the plugin: no logon servers, no such session, bad user name or password.
  [1311, 'wsman.access-denied'],
  [1312, 'wsman.access-denied'],
  [1326, 'wsman.access-denied'],
  [faultCodes.invalidParameter, 'wsman.rejected'],
  [faultCodes.badHeader, 'wsman.rejected'],
  // The ids are ours, so we gave one twice.
  [faultCodes.alreadyExists, 'wsman.rejected'],
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
  ['AlreadyExists', 'wsman.rejected'],
  ['EncodingLimit', 'wsman.rejected'],
  ['InvalidParameter', 'wsman.rejected'],
  ['MustUnderstand', 'wsman.rejected'],
  ['SchemaValidationError', 'wsman.rejected'],
  ['InvalidResourceURI', 'wsman.no-configuration'],
  ['DestinationUnreachable', 'wsman.no-configuration'],
]);
