import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { err } from '../core/result.ts';
import type { Result } from '../core/result.ts';

interface Waiter {
  /** Settles it where what it waits for is there. */
  check(): void;
  fail(reason: Failure): void;
  /** Receives that it waits for at most. */
  left: number;
}

/**
 * Receives for a runspace pool itself, but only while somebody waits for something of it: a Receive that nobody needs
 * would hold a connection.
 */
export class PoolReceiver {
  readonly #host: string;
  readonly #receiveOnce: (isWanted: () => boolean) => Promise<Result<void>>;
  readonly #waiters = new Set<Waiter>();
  #listeners = 0;
  #isReceiving = false;

  /**
   * @param receiveOnce - One Receive, and what it brings handed over; nothing where it is no longer wanted once it has
   *   found a connection.
   */
  constructor(host: string, receiveOnce: (isWanted: () => boolean) => Promise<Result<void>>) {
    this.#host = host;
    this.#receiveOnce = receiveOnce;
  }

  /** Whether somebody listens who does not know whether anything will come. */
  get isListening(): boolean {
    return this.#listeners > 0;
  }

  /**
   * Receives until something is found.
   *
   * @param find - Asked after each answer; gives what is wanted, or a failure, once it is there.
   * @param atMost - Number of Receives after which it is given up with `psrp.pool-broken`.
   */
  waitFor<T>(find: () => Result<T> | undefined, signal: AbortSignal, atMost = Infinity): Promise<Result<T>> {
    const found = find();
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve) => {
      const settle = (result: Result<T>): void => {
        this.#waiters.delete(waiter);
        signal.removeEventListener('abort', abort);
        resolve(result);
      };
      const abort = (): void => settle(err(failure('net.aborted', { sent: true })));
      const waiter: Waiter = {
        left: atMost,
        check: () => {
          const result = find();
          if (result !== undefined) settle(result);
        },
        fail: (reason) => settle(err(reason)),
      };
      if (signal.aborted) {
        abort();
        return;
      }
      signal.addEventListener('abort', abort);
      this.#waiters.add(waiter);
      this.#run();
    });
  }

  /** Takes whatever the pool has to say, until the returned function is called. */
  listen(): () => void {
    this.#listeners += 1;
    this.#run();
    let listens = true;
    return () => {
      if (listens) this.#listeners -= 1;
      listens = false;
    };
  }

  failAll(reason: Failure): void {
    for (const waiter of [...this.#waiters]) waiter.fail(reason);
  }

  #isWanted(): boolean {
    return this.#waiters.size > 0 || this.#listeners > 0;
  }

  #run(): void {
    if (!this.#isReceiving) void this.#receive();
  }

  async #receive(): Promise<void> {
    this.#isReceiving = true;
    while (this.#isWanted()) {
      const received = await this.#receiveOnce(() => this.#isWanted());
      if (!received.ok) {
        this.failAll(received.error);
        // Who merely listened hears of it by the pipeline that runs meanwhile.
        this.#listeners = 0;
        break;
      }
      for (const waiter of [...this.#waiters]) waiter.check();
      this.#giveUpImpatient();
    }
    this.#isReceiving = false;
  }

  #giveUpImpatient(): void {
    for (const waiter of [...this.#waiters]) {
      waiter.left -= 1;
      if (waiter.left > 0) continue;
      waiter.fail(failure('psrp.pool-broken', { host: this.#host, reason: 'it never opened' }));
    }
  }
}
