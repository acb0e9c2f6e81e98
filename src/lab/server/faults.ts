import type { WsmanFault } from '../../wire/wsman/fault.ts';
import { faultCodes } from '../../wire/wsman/fault-codes.ts';

/** The faults that a lab host answers with, as a stock Windows does. */
export const faults = {
  unknownShell: fault(
    'sender',
    'InvalidSelectors',
    faultCodes.invalidSelectors,
    'The WS-Management service cannot process the request because the request contained invalid selectors for the resource.',
  ),
  unknownCommand: fault(
    'sender',
    'InvalidSelectors',
    faultCodes.invalidSelectors,
    'The Windows Remote Shell received a request to perform an operation on a command identifier that does not exist. Either the command has completed execution or the client specified an invalid command identifier.',
  ),
  timedOut: fault(
    'receiver',
    'TimedOut',
    faultCodes.timedOut,
    'The WS-Management service cannot complete the operation within the time specified in OperationTimeout.',
  ),
  aborted: fault(
    'receiver',
    'InternalError',
    faultCodes.operationAborted,
    'The I/O operation has been aborted because of either a thread exit or an application request.',
  ),
  accessDenied: fault('sender', 'AccessDenied', faultCodes.accessDenied, 'Access is denied.'),
  operationQuota: fault(
    'receiver',
    'InternalError',
    faultCodes.operationQuota,
    'The WS-Management service cannot process the request. The maximum number of concurrent operations for this user has been exceeded. Close existing operations for this user, or raise the quota for this user.',
  ),
  commandQuota: fault(
    'receiver',
    'InternalError',
    faultCodes.commandQuota,
    'The WS-Management service cannot process the request. The maximum number of concurrent commands per shell has been exceeded.',
  ),
  shellDisconnected: fault(
    'receiver',
    'InternalError',
    faultCodes.shellDisconnected,
    'The WinRM service cannot process the request because the shell is disconnected.',
  ),
  disconnectNotSupported: fault(
    'sender',
    'InternalError',
    faultCodes.disconnectNotSupported,
    'The shell does not support the disconnect operation.',
  ),
  sessionMismatch: fault(
    'sender',
    'InternalError',
    faultCodes.sessionMismatch,
    'The shell belongs to another client session.',
  ),
  connectedElsewhere: fault(
    'sender',
    'InternalError',
    faultCodes.connectedElsewhere,
    'The shell is connected to a different client.',
  ),
  unknownResource: fault(
    'sender',
    'DestinationUnreachable',
    faultCodes.invalidResourceUri,
    'The WS-Management service cannot process the request. The service cannot find the resource identified by the resource URI and selectors.',
  ),
  filterExpected: fault(
    'sender',
    'CannotProcessFilter',
    faultCodes.filterExpected,
    'To enumerate commands, a filter must name their shell.',
  ),
  invalidContext: fault(
    'sender',
    'InvalidEnumerationContext',
    undefined,
    'The supplied enumeration context is invalid.',
  ),
  invalidDirectory: fault(
    'receiver',
    'InternalError',
    // ERROR_DIRECTORY as an HRESULT.
    0x8007010b,
    'The directory name is invalid.',
  ),
  shellQuota: fault(
    'sender',
    'QuotaLimit',
    faultCodes.shellQuota,
    'The WS-Management service cannot process the request. The maximum number of concurrent shells for this user has been exceeded.',
  ),
  tooLarge: fault(
    'sender',
    'EncodingLimit',
    undefined,
    'The WS-Management service cannot process the request because its envelope is larger than MaxEnvelopeSize.',
  ),
  alreadyExists: fault(
    'sender',
    'AlreadyExists',
    faultCodes.alreadyExists,
    'The WS-Management service cannot create the resource because it already exists.',
  ),
  notSupported: fault(
    'sender',
    'ActionNotSupported',
    undefined,
    'The action is not supported by the service.',
  ),
  invalidRequest: fault(
    'sender',
    'SchemaValidationError',
    undefined,
    'The request does not match what the action expects.',
  ),
  hostProcessGone: fault(
    'receiver',
    'InternalError',
    faultCodes.hiveUnloaded,
    'The process that hosted the shell is gone.',
  ),
} as const satisfies Record<string, WsmanFault>;

/** A fault of the PowerShell plug-in. */
export function pluginFault(reason: string): WsmanFault {
  return fault('receiver', 'InternalError', faultCodes.powershellException, reason);
}

function fault(
  side: WsmanFault['side'],
  subcode: string,
  code: number | undefined,
  reason: string,
): WsmanFault {
  return { side, subcode, code, reason };
}
