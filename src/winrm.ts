/** A WinRM and PSRP client: PowerShell in runspace pools and programs in cmd shells, sealed, typed objects in and out. */
export { WinrmClient } from './compose/winrm.ts';
export type {
  ConnectionTimeouts,
  ProxyOptions,
  TlsOptions,
  WinrmClientOptions,
} from './remote/api/client-options.ts';
export { CmdRun } from './remote/api/cmd-process.ts';
export type { CmdChunk, CmdResult, StdinData } from './remote/api/cmd-process.ts';
export { RemoteCmdShell } from './remote/api/cmd-shell.ts';
export type { CmdOptions, CmdShellSettings } from './remote/api/cmd-shell.ts';
export type { HostOption, InteractiveHost } from './remote/api/host.ts';
export { RemotePipeline } from './remote/api/pipeline.ts';
export type {
  CommandStep,
  PipelineInputs,
  PipelineOptions,
  PipelineStep,
  PipelineTimeouts,
  Runnable,
  ScriptStep,
  StepArguments,
} from './remote/api/pipeline-options.ts';
export type { PipelineRecord, PipelineResult } from './remote/api/pipeline-output.ts';
export { toPlain, toPsValue } from './remote/api/plain-value.ts';
export type { Plain, PlainObject, PlainValue } from './remote/api/plain-value.ts';
export { RemotePool } from './remote/api/pool.ts';
export type { PoolState, ServerInfo, SignalOption } from './remote/api/pool.ts';
export type { PoolOptions } from './remote/api/pool-options.ts';
export type { TimeSpan } from './remote/api/time-span.ts';
export { ConnectionLimits } from './remote/connection-limits.ts';
export type { ConnectionLimitOptions } from './remote/connection-limits.ts';
export type { HostAnswers } from './remote/host-answers.ts';
export type { Patience, Waiting } from './remote/waiting.ts';
export { Failure } from './core/failure.ts';
export type { FailureCode, FailureDocument } from './core/failure.ts';
export type { JsonObject, JsonValue } from './core/json.ts';
export { credentialOf, psCredential, secretOf } from './core/ps-credential.ts';
export type { PsCredential } from './core/ps-credential.ts';
export {
  baseOf,
  integerOf,
  isPsEnum,
  isPsObject,
  itemsOf,
  propertyOf,
  psCustomObject,
  psDictionary,
  psList,
  psObject,
  textOf,
} from './core/ps-value.ts';
export type { PsObject, PsPrimitive, PsProgress, PsTyped, PsValue } from './core/ps-value.ts';
export { unwrap } from './core/result.ts';
export type { Err, Ok, Result } from './core/result.ts';
export { Secret } from './core/secret.ts';
export type { AuthMethod, KerberosSettings, Target } from './core/target.ts';
export { hours, milliseconds, minutes, seconds } from './core/time.ts';
export type { Duration, Instant } from './core/time.ts';
export type { CommandMetadata, CommandQuery, ParameterMetadata } from './wire/psrp/command-metadata.ts';
export type { CommandMerges } from './wire/psrp/command-merges.ts';
export type { InvocationDetail } from './wire/psrp/create-pipeline.ts';
export type { ErrorPosition, ErrorRecord } from './wire/psrp/error-record.ts';
export type { HostAnswer, HostCall } from './wire/psrp/host-call.ts';
export type { InformationRecord } from './wire/psrp/information-record.ts';
export type { MessageRecord } from './wire/psrp/message-record.ts';
export type { ServiceConfig } from './wire/wsman/config.ts';
export type { CommandDescription } from './wire/wsman/enumerated.ts';
export type { BufferMode, ShellDescription, ShellState } from './wire/wsman/shell-description.ts';
export type { ReadScript, WriteScript } from './ports/scripts.ts';
export type {
  HostSession,
  ScriptError,
  ScriptOptions,
  ScriptOutput,
  SessionFactory,
  SessionServer,
  WriteOptions,
} from './ports/session.ts';
export { createSessionFactory } from './remote/session-factory.ts';
export type { SessionFactoryOptions } from './remote/session-factory.ts';
export { systemClock } from './node/clock.ts';
export { systemEntropy } from './node/entropy.ts';
export { systemConnector } from './node/http/connection.ts';
export { systemTimers } from './node/timers.ts';
