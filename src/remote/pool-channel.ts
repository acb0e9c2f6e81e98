import { ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { HostLink } from './host-link.ts';
import { withLease } from './shell-calls.ts';
import type { WsmanClient } from './wsman-client.ts';
import type { ShellRef } from './wsman-exchange.ts';

export interface PoolChannelOptions {
  readonly host: HostLink;
  readonly shell: () => ShellRef;
  /** Aborts when the shell is closed here. */
  readonly closed: AbortSignal;
  /** Takes what a Receive brought for the pool. */
  readonly take: (data: Uint8Array) => Result<void>;
}

/** Receives and sends for a runspace pool itself, in one shell. */
export class PoolChannel {
  readonly #options: PoolChannelOptions;

  constructor(options: PoolChannelOptions) {
    this.#options = options;
  }

  /** One Receive over a connection of its own, unless it is no longer wanted once there is one. */
  receiveLeased(isWanted: () => boolean): Promise<Result<void>> {
    const { host, closed } = this.#options;
    return withLease(host, closed, (wsman) =>
      isWanted() ? this.#receive(wsman) : Promise.resolve(ok(undefined)),
    );
  }

  /** One Receive of what is answered at once, for which nobody need wait while pipelines hold all connections. */
  receiveSoon(): Promise<Result<void>> {
    return this.#receive(this.#options.host.control);
  }

  async send(
    stream: string,
    fragments: readonly Uint8Array[],
    signal = this.#options.closed,
  ): Promise<Result<void>> {
    const { host, shell } = this.#options;
    for (const data of fragments) {
      const sent = await host.control.send(shell(), { stream, commandId: undefined, data }, signal);
      if (!sent.ok) return sent;
    }
    return ok(undefined);
  }

  async #receive(wsman: WsmanClient): Promise<Result<void>> {
    const { shell, closed, take } = this.#options;
    const answer = await wsman.receive(shell(), { streams: 'stdout', commandId: undefined }, closed);
    if (!answer.ok) return answer;
    for (const { data } of answer.value.streams) {
      const taken = take(data);
      if (!taken.ok) return taken;
    }
    return ok(undefined);
  }
}
