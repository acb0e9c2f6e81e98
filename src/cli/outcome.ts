import type { Runtime } from '../app/runtime.ts';
import type { Result } from '../core/result.ts';
import type { Call } from './command.ts';

/** The value of a result; a failure ends the command and is printed once, by `run-cli`. */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw result.error;
}

/** The call's runtime; a failure to compose it ends the command. */
export function runtimeOf(call: Call): Runtime {
  return valueOf(call.runtime());
}
