/**
 * Fault codes that a client acts upon.
 *
 * @see MS-WSMV §2.2.4.43, winerror.h and WSManNativeAPI.cs of PowerShell
 */
export const faultCodes = {
  /** No output within OperationTimeout: ask again. */
  timedOut: 2_150_858_793,
  /** Shell or command id unknown: expired, deleted, host or service restarted. */
  invalidSelectors: 2_150_858_843,
  shellQuota: 2_150_859_173,
  operationQuota: 2_150_859_174,
  shellDisconnected: 2_150_859_204,
  streamDisconnected: 2_150_859_230,
  /** SOAP header missing or wrong. */
  badHeader: 2_150_858_767,
  operationAborted: 995,
  cancelled: 1223,
  accessDenied: 5,
  invalidParameter: 87,
  shutdownInProgress: 1115,
  rpcUnavailable: 1722,
  rpcFailed: 1726,
  /** The profile, or the process that hosts the shell, is gone. */
  hiveUnloaded: 2_147_943_418,
  /** The PowerShell plugin threw. */
  powershellException: 2_152_992_672,
} as const;
