import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { milliseconds, seconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { Timers } from '../ports/timers.ts';
import type { ConnectionLimits, SocketShare } from './connection-limits.ts';
import type { EnvelopeCarrier, PostAnswer } from './envelope-carrier.ts';
import type { PostLimits } from './post-request.ts';

/** A connection as its pool sees it. */
export interface PooledConnection extends EnvelopeCarrier {
  /** Whether its socket is open. */
  readonly isOpen: boolean;
  /** Whether something is on its way, or waits for its turn. */
  readonly isBusy: boolean;
}

export interface ConnectionPoolOptions<Connection> {
  readonly limits: ConnectionLimits;
  readonly timers: Timers;
  readonly connect: () => Connection;
  /** After this long an idle connection is closed, but for the last one; 30 s unless given. */
  readonly idleTimeout?: Duration;
}

/** What is busy when its time comes is looked at again after this long. */
const shortestSweepMs = 1000;

interface Idle<Connection> {
  readonly connection: Connection;
  readonly since: number;
}

/**
 * The connections to one host: those in use, those that are idle, and one for control.
 *
 * A connection that comes back goes to who waits longest here, unless another host is next. The last idle one
 * is kept, since a logon costs more than a script; it needs no timer and no memory but its own.
 */
export class ConnectionPool<Connection extends PooledConnection> implements SocketShare {
  readonly #options: ConnectionPoolOptions<Connection>;
  readonly #inUse = new Set<Connection>();
  /** The last one used last. */
  readonly #idle: Idle<Connection>[] = [];
  readonly #waiting = new Set<(connection: Connection | undefined) => void>();
  #control: Idle<Connection> | undefined;
  #cancelSweep: (() => void) | undefined;
  #isClosed = false;

  constructor(options: ConnectionPoolOptions<Connection>) {
    this.#options = options;
  }

  get wants(): boolean {
    const count = this.#inUse.size + this.#idle.length;
    return this.#waiting.size > 0 && count < this.#options.limits.maxPerHost;
  }

  /** A connection for the caller alone, to be given back by `release`. Failure `net.aborted`. */
  async acquire(signal: AbortSignal): Promise<Result<Connection>> {
    if (this.#isClosed || signal.aborted) return aborted();
    const idle = this.#idle.pop();
    if (idle !== undefined) return ok(this.#use(idle.connection));
    const turn = Promise.withResolvers<Connection | undefined>();
    const giveUp = (): void => {
      this.#waiting.delete(turn.resolve);
      turn.resolve(undefined);
    };
    signal.addEventListener('abort', giveUp);
    this.#waiting.add(turn.resolve);
    this.#options.limits.request(this);
    const connection = await turn.promise;
    signal.removeEventListener('abort', giveUp);
    return connection === undefined ? aborted() : ok(connection);
  }

  release(connection: Connection): void {
    if (!this.#inUse.delete(connection)) return;
    const { limits, timers } = this.#options;
    const isOtherNext = limits.isOtherNext(this);
    if (!isOtherNext && this.#serveNext(connection)) {
      limits.hadTurn(this);
      return;
    }
    if (isOtherNext || !connection.isOpen) {
      connection.close();
      // Behind those that wait already.
      limits.request(this);
      limits.giveBack();
      return;
    }
    this.#idle.push({ connection, since: timers.monotonic() });
    limits.markIdle(this);
    this.#sweepLater();
  }

  /**
   * Sends what cannot wait for a lease: over an idle connection, since that is logged on, else over one of its own.
   */
  async postControl(
    envelope: Uint8Array,
    signal: AbortSignal,
    limits: PostLimits,
  ): Promise<Result<PostAnswer>> {
    if (this.#isClosed) return aborted();
    const answer = await this.#forControl().post(envelope, signal, limits);
    if (this.#hasIdle()) this.#options.limits.markIdle(this);
    return answer;
  }

  close(): void {
    this.#isClosed = true;
    const { limits } = this.#options;
    limits.withdraw(this);
    this.#cancelSweep?.();
    const control = this.#control === undefined ? [] : [this.#control.connection];
    const all = [...this.#inUse, ...this.#idle.map(({ connection }) => connection), ...control];
    this.#inUse.clear();
    this.#idle.length = 0;
    this.#control = undefined;
    for (const resolve of this.#waiting) resolve(undefined);
    this.#waiting.clear();
    for (const connection of all) {
      connection.close();
      limits.giveBack();
    }
  }

  /** For the limits: a turn has come. */
  take(): void {
    this.#serveNext(this.#options.connect());
  }

  /** For the limits: another host waits. */
  closeIdle(): boolean {
    return this.#closeOldest() || this.#closeControl();
  }

  #use(connection: Connection): Connection {
    this.#inUse.add(connection);
    return connection;
  }

  #serveNext(connection: Connection): boolean {
    const [next] = this.#waiting;
    if (next === undefined) return false;
    this.#waiting.delete(next);
    next(this.#use(connection));
    return true;
  }

  #forControl(): Connection {
    const { limits, timers, connect } = this.#options;
    const control = this.#control?.connection;
    if (control === undefined || !control.isOpen || control.isBusy) {
      const idle = this.#idle.findLast(({ connection }) => !connection.isBusy);
      if (idle !== undefined) return idle.connection;
    }
    if (control === undefined) limits.takeAtOnce();
    const connection = control ?? connect();
    this.#control = { connection, since: timers.monotonic() };
    this.#sweepLater();
    return connection;
  }

  #sweepLater(): void {
    const oldest = this.#idle.length > 1 ? this.#idle[0]?.since : undefined;
    const since = Math.min(oldest ?? Infinity, this.#control?.since ?? Infinity);
    if (this.#cancelSweep !== undefined || since === Infinity) return;
    const { timers, idleTimeout = seconds(30) } = this.#options;
    const left = since + idleTimeout - timers.monotonic();
    this.#cancelSweep = timers.after(milliseconds(Math.max(left, shortestSweepMs)), () => {
      this.#cancelSweep = undefined;
      this.#sweep(timers.monotonic() - idleTimeout);
      this.#sweepLater();
    });
  }

  /** Closes what has been idle since `before`. */
  #sweep(before: number): void {
    const { limits } = this.#options;
    while (this.#idle.length > 1 && (this.#idle[0]?.since ?? before) <= before && this.#closeOldest())
      limits.giveBack();
    const control = this.#control;
    if (control !== undefined && control.since <= before && this.#closeControl()) limits.giveBack();
  }

  #hasIdle(): boolean {
    return !this.#isClosed && (this.#idle.length > 0 || this.#control?.connection.isBusy === false);
  }

  #closeOldest(): boolean {
    const at = this.#idle.findIndex(({ connection }) => !connection.isBusy);
    const [idle] = at < 0 ? [] : this.#idle.splice(at, 1);
    idle?.connection.close();
    return idle !== undefined;
  }

  #closeControl(): boolean {
    const connection = this.#control?.connection;
    if (connection === undefined || connection.isBusy) return false;
    this.#control = undefined;
    connection.close();
    return true;
  }
}

function aborted(): Result<never> {
  return err(failure('net.aborted', { sent: false }));
}
