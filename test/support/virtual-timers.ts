import { milliseconds } from '../../src/core/time.ts';
import type { Duration } from '../../src/core/time.ts';
import type { Timers } from '../../src/ports/timers.ts';

interface Alarm {
  readonly at: number;
  readonly act: () => void;
}

/** Time that passes only by `advance`. */
export class VirtualTimers implements Timers {
  #now = 0;
  readonly #alarms = new Set<Alarm>();

  /** Alarms that are set. */
  get pending(): number {
    return this.#alarms.size;
  }

  monotonic(): number {
    return this.#now;
  }

  after(delay: Duration, act: () => void): () => void {
    const alarm = { at: this.#now + delay, act };
    this.#alarms.add(alarm);
    return () => void this.#alarms.delete(alarm);
  }

  sleep(delay: Duration, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const cancel = this.after(delay, resolve);
      signal.addEventListener('abort', () => {
        cancel();
        resolve();
      });
    });
  }

  /** Lets time pass, alarm by alarm, with what follows from each. */
  async advance(length: Duration): Promise<void> {
    const end = this.#now + length;
    for (;;) {
      await settled();
      const next = [...this.#alarms].sort((one, other) => one.at - other.at)[0];
      if (next === undefined || next.at > end) break;
      this.#alarms.delete(next);
      this.#now = next.at;
      next.act();
    }
    this.#now = end;
  }

  /** Lets time pass until `work` is done, and gives what it gave and when. */
  async finish<T>(work: Promise<T>, limit: Duration): Promise<{ value: T; at: Duration }> {
    let done: { value: T; at: Duration } | undefined;
    void work.then((value) => {
      done = { value, at: milliseconds(this.#now) };
    });
    const end = this.#now + limit;
    for (;;) {
      await settled();
      if (done !== undefined) return done;
      const next = [...this.#alarms].sort((one, other) => one.at - other.at)[0];
      if (next === undefined || next.at > end) throw new Error('it is not done by then');
      await this.advance(milliseconds(next.at - this.#now));
    }
  }
}

/** What can happen without time, has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
