import type { JsonValue } from '../../core/json.ts';
import type { PsValue } from '../../core/ps-value.ts';
import type { Result } from '../../core/result.ts';
import type { ScriptError } from '../../ports/session.ts';

/** One pipeline as it reached a lab host. */
export interface ScriptCall {
  /** The text of the script as it was sent, frame included (see `core/script-frame.ts`). */
  readonly script: string;
  /** Named parameters (`Arguments`, `ValidUntil`), as plain JSON. */
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** What was piped into it, once all of it has come. */
  readonly input?: readonly PsValue[];
  /** Who is logged on. */
  readonly user: string;
}

/** Where a script's records go, in order. */
export interface ScriptStreams {
  output(value: PsValue): void;
  /** A non-terminating error. */
  error(error: ScriptError): void;
  warning(text: string): void;
  verbose(text: string): void;
  /** Resolves when the client has fetched enough of the output; an engine that writes much awaits it. */
  drained(): Promise<void>;
}

/**
 * Runs scripts on a simulated host in place of PowerShell.
 *
 * @returns An error value for a terminating error: the pipeline then ends as Failed with this record. When `signal`
 *   aborts the pipeline is stopped and the result is ignored.
 */
export interface ScriptEngine {
  run(call: ScriptCall, streams: ScriptStreams, signal: AbortSignal): Promise<Result<void, ScriptError>>;
}
