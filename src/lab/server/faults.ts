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
