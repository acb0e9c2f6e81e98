/** A WinRM and PSRP client: NTLM with message sealing, typed objects in and out. */
export { Failure } from './core/failure.ts';
export type { FailureCode } from './core/failure.ts';
export type { JsonObject, JsonValue } from './core/json.ts';
export { unwrap } from './core/result.ts';
export type { Err, Ok, Result } from './core/result.ts';
export { Secret } from './core/secret.ts';
export type { AuthMethod, Target } from './core/target.ts';
export { hours, milliseconds, minutes, seconds } from './core/time.ts';
export type { Duration, Instant } from './core/time.ts';
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
