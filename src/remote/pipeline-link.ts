import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { HostCallEvent, PipelineEvent } from '../wire/psrp/client-event.ts';
import type { PsrpClient } from '../wire/psrp/client.ts';
import type { HostLink } from './host-link.ts';
import type { ShellRef } from './wsman-exchange.ts';

/** Where the events of one pipeline go. */
export interface PipelineListener {
  readonly id: string;
  /** What came with `bytes` of its stream. */
  take(events: readonly PipelineEvent[], bytes: number): void;
  /** Something must be sent to it. */
  send(stream: string, fragments: readonly Uint8Array[]): void;
  /** The host calls a method of ours; where it waits for the answer and nobody gave one yet, we do. */
  hostCall(event: HostCallEvent): void;
  /** The shell is gone: nothing more will come. */
  lose(reason: Failure): void;
}

/** What a pipeline needs of the shell it runs in. */
export interface PipelineLink {
  readonly shell: ShellRef;
  readonly psrp: PsrpClient;
  readonly host: HostLink;
  readonly entropy: Entropy;
  /** From now on what its stream brings goes to it. */
  attach(pipeline: PipelineListener): void;
  detach(pipeline: PipelineListener): void;
  /** Hands bytes of one pipeline to PSRP, and what they mean to whom it concerns. */
  take(data: Uint8Array, pipelineId: string): Result<void>;
  /**
   * Tries to reach the shell again after a Receive failed.
   *
   * @param brokenSince - When it failed first, in the time of `Timers.monotonic`.
   * @returns Undefined where it is worth asking again, else the failure to report.
   */
  recover(reason: Failure, brokenSince: number, signal: AbortSignal): Promise<Failure | undefined>;
  /** The host is silent: perhaps the pool itself has something to say. */
  /** @returns Ends it. */
  listen(): () => void;
  /** Gets a key under which SecureStrings travel. */
  exchangeKeys(signal: AbortSignal): Promise<Result<void>>;
  deleteShell(): void;
}
