import type { JsonObject, JsonValue } from '../core/json.ts';
import type { Result } from '../core/result.ts';
import type { Target } from '../core/target.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { WritePermit } from '../core/write-permit.ts';
import type { ReadScript, WriteScript } from './scripts.ts';

/** A PowerShell error record, as far as people and policies need it. */
export interface ScriptError {
  readonly message: string;
  /** `FullyQualifiedErrorId`, which is not localised. */
  readonly id: string;
  readonly category: string;
  readonly exceptionType: string;
  /** Script position, such as `line 12, column 5`; empty where unknown. */
  readonly position: string;
}

/** What one script gave. Objects are records of their properties; 64-bit integers beyond 2^53 and decimals are texts. */
export interface ScriptOutput {
  readonly output: readonly JsonValue[];
  readonly errors: readonly ScriptError[];
  readonly warnings: readonly string[];
  readonly verbose: readonly string[];
}

export interface ScriptOptions {
  /** Bound on the whole call. */
  readonly timeout: Duration;
}

export interface WriteOptions extends ScriptOptions {
  /** Latest start, in the host's own time: the host itself refuses a later one (`session.refused-late`). */
  readonly validUntil: Instant;
}

/**
 * A remote PowerShell session with one host.
 *
 * Scripts run under `Set-StrictMode -Version Latest` and `$ErrorActionPreference = 'Stop'`, and get `args` as a
 * hashtable in `$Arguments` of typed values. A script that throws gives failure `script.failed` with the error's
 * message, id, category and position in its details; a lost connection after a write was sent gives
 * `session.outcome-unknown`.
 */
export interface HostSession {
  readonly host: string;
  /** What the server said of itself while the session opened. */
  readonly server: SessionServer;
  read(
    script: ReadScript,
    args: JsonObject,
    options: ScriptOptions,
    signal: AbortSignal,
  ): Promise<Result<ScriptOutput>>;
  /** Throws TypeError for anything that is not a genuine permit for this very host. */
  write(
    script: WriteScript,
    args: JsonObject,
    permit: WritePermit,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<Result<ScriptOutput>>;
  /** Deletes the remote shell; never fails, and is bounded in time. */
  close(): Promise<void>;
}

export interface SessionServer {
  /** PSRP protocol version, such as `2.3`; `2.1` means PowerShell 2.0. */
  readonly protocol: string;
  /** `$PSVersionTable.PSVersion` as the server announced it; undefined where it did not. */
  readonly powershell: string | undefined;
}

export interface SessionFactory {
  /**
   * Connects, authenticates and opens a runspace pool.
   *
   * Failures: `net.*` (unreachable), `auth.*` (denied or impossible), `wsman.*`, `psrp.*`, `http.*`.
   */
  open(target: Target, signal: AbortSignal): Promise<Result<HostSession>>;
}
