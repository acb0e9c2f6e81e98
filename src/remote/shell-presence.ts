import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import type { Duration } from '../core/time.ts';
import type { Timers } from '../ports/timers.ts';
import type { Disconnect } from '../wire/wsman/disconnect.ts';
import { Away } from './away.ts';
import type { HostLink } from './host-link.ts';
import { isPassing, waitToRetry } from './shell-recovery.ts';
import type { ShellRef } from './wsman-exchange.ts';

export interface ShellPresenceOptions {
  readonly host: HostLink;
  readonly timers: Timers;
  readonly shell: () => ShellRef;
  /** How long a lost connection is tried again before a running pipeline is given up. */
  readonly reconnectFor: Duration;
  /** Aborts when the shell is closed here. */
  readonly closed: AbortSignal;
}

/** Whether we are connected to a shell: by our own wish, and against it. */
export class ShellPresence {
  readonly #options: ShellPresenceOptions;
  #away: Away | undefined;

  constructor(options: ShellPresenceOptions) {
    this.#options = options;
  }

  /** Leaves it on the host; who reads from it waits until `reconnect`. */
  async disconnect(request: Disconnect, signal: AbortSignal): Promise<Result<void>> {
    const { host, shell, closed } = this.#options;
    this.#away = new Away(closed);
    const left = await host.control.disconnect(shell(), request, signal);
    if (!left.ok) this.#comeBack();
    return left;
  }

  async reconnect(signal: AbortSignal): Promise<Result<void>> {
    const { host, shell } = this.#options;
    const back = await host.control.reconnect(shell(), signal);
    if (back.ok) this.#comeBack();
    return back;
  }

  /** Resolves when it is not away by our own wish; with a failure where that will not be. */
  async untilBack(signal: AbortSignal): Promise<Failure | undefined> {
    return this.#away?.untilBack(signal);
  }

  /** As `PipelineLink.recover`. */
  async recover(reason: Failure, brokenSince: number, signal: AbortSignal): Promise<Failure | undefined> {
    const { host, timers, shell, reconnectFor } = this.#options;
    if (this.#away !== undefined) return this.#away.untilBack(signal);
    if (reason.code === 'wsman.disconnected') {
      // The server found our connection lost before we did, and keeps the output for us.
      const back = await host.control.reconnect(shell(), signal);
      return back.ok ? undefined : back.error;
    }
    if (!isPassing(reason)) return reason;
    const isWorthIt = await waitToRetry(timers, { brokenSince, patience: reconnectFor }, signal);
    return isWorthIt ? undefined : reason;
  }

  #comeBack(): void {
    this.#away?.end();
    this.#away = undefined;
  }
}
