/** One user of sockets: all connections of one client to one host. */
export interface SocketShare {
  /** Whether it has use for one more socket now. */
  readonly wants: boolean;
  /** Gets one; it gives it back when the socket is closed. */
  take(): void;
  /** Closes an idle connection, whose socket is then free; false where none is idle. */
  closeIdle(): boolean;
}

export interface ConnectionLimitOptions {
  /** Connections of all hosts together, idle ones included. Default 1000. */
  readonly maxConnections?: number;
  /** Connections to one host, besides the one for control. Default 6. */
  readonly maxPerHost?: number;
}

/**
 * Bounds how many connections are open at once, over all hosts that share it.
 *
 * Who waits gets a turn host by host, so a host that never answers holds no more than its own share, and a host that
 * wants many keeps nobody waiting. Idle connections give way to hosts that wait. Control connections never wait: they
 * are what ends the work that others wait for; so there can be one more a busy host than `maxConnections`.
 */
export class ConnectionLimits {
  readonly maxPerHost: number;
  readonly #maxConnections: number;
  #open = 0;
  readonly #waiting = new Set<SocketShare>();
  /** The longest idle first. */
  readonly #idle = new Set<SocketShare>();

  constructor({ maxConnections = 1000, maxPerHost = 6 }: ConnectionLimitOptions = {}) {
    this.#maxConnections = maxConnections;
    this.maxPerHost = maxPerHost;
  }

  /** Connections that are open now, control included. */
  get open(): number {
    return this.#open;
  }

  /** Puts the share in the queue; `take` is called when its turn comes, which may be at once. */
  request(share: SocketShare): void {
    this.#waiting.add(share);
    this.#deal();
  }

  /** Whether another share waits, and would get the next connection. */
  isOtherNext(share: SocketShare): boolean {
    for (const next of this.#waiting) if (next.wants) return next !== share;
    return false;
  }

  /** The share served one that waits for it with a connection that came back: others come first now. */
  hadTurn(share: SocketShare): void {
    if (this.#waiting.delete(share)) this.#waiting.add(share);
  }

  /** Counts a connection that cannot wait. */
  takeAtOnce(): void {
    this.#makeRoom();
    this.#open += 1;
  }

  /** A connection was closed. */
  giveBack(): void {
    this.#open -= 1;
    this.#deal();
  }

  /** The share has an idle connection, which may be asked for. */
  markIdle(share: SocketShare): void {
    this.#idle.delete(share);
    this.#idle.add(share);
    this.#deal();
  }

  /** The share wants nothing and gives nothing any more. */
  withdraw(share: SocketShare): void {
    this.#waiting.delete(share);
    this.#idle.delete(share);
  }

  #deal(): void {
    for (const share of this.#waiting) {
      if (!share.wants) {
        this.#waiting.delete(share);
        continue;
      }
      if (!this.#makeRoom()) return;
      // Behind the others again: a Set hands out what is added while it is walked.
      this.#waiting.delete(share);
      this.#waiting.add(share);
      this.#open += 1;
      share.take();
    }
  }

  /** Whether one more connection fits, after idle ones were closed where it had to be. */
  #makeRoom(): boolean {
    for (const share of this.#idle) {
      if (this.#open < this.#maxConnections) return true;
      while (this.#open >= this.#maxConnections && share.closeIdle()) this.#open -= 1;
      if (this.#open >= this.#maxConnections) this.#idle.delete(share);
    }
    return this.#open < this.#maxConnections;
  }
}
