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
  /** What should be created is there already. */
  alreadyExists: 2_150_858_803,
  /** MaxShellsPerUser. */
  shellQuota: 2_150_859_173,
  /** MaxConcurrentOperationsPerUser. */
  operationQuota: 2_150_859_174,
  userQuota: 2_150_859_175,
  systemQuota: 2_150_859_176,
  /** MaxConcurrentUsers. */
  shellUserQuota: 2_150_859_179,
  /** The same of one plug-in, such as PowerShell. */
  pluginShellsPerUserQuota: 2_150_859_236,
  pluginUsersQuota: 2_150_859_237,
  pluginShellsQuota: 2_150_859_238,
  pluginOperationsQuota: 2_150_859_239,
  pluginOperationsPerUserQuota: 2_150_859_240,
  /** Commands of a shell that were not terminated. */
  commandQuota: 2_150_859_241,
  /** AllowRemoteShellAccess is off. */
  shellsNotAllowed: 2_150_859_180,
  /** Normal answers to what was pending when the shell was disconnected. */
  shellDisconnected: 2_150_859_204,
  streamDisconnected: 2_150_859_230,
  /** Neither cmd shells nor hosts before Windows Server 2012 can be disconnected. */
  disconnectNotSupported: 2_150_859_205,
  /** Reconnect by another SessionId than the shell's. */
  sessionMismatch: 2_150_859_206,
  /** Connect to a shell that somebody holds. */
  connectedElsewhere: 2_150_859_213,
  /** No such session configuration, in the words of two generations. */
  unknownResourceUri: 2_150_858_754,
  invalidResourceUri: 2_150_858_811,
  /** Commands can be listed of one shell only. */
  filterExpected: 2_150_859_200,
  /** SOAP header missing or wrong. */
  badHeader: 2_150_858_767,
  /** Normal answer to what was pending when its shell was closed. */
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
