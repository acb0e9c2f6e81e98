import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ok, unwrap } from '../../src/core/result.ts';
import type { Result } from '../../src/core/result.ts';
import { seconds } from '../../src/core/time.ts';
import { ConnectionLimits } from '../../src/remote/connection-limits.ts';
import type { ConnectionLimitOptions } from '../../src/remote/connection-limits.ts';
import { ConnectionPool } from '../../src/remote/connection-pool.ts';
import type { PooledConnection } from '../../src/remote/connection-pool.ts';
import type { PostAnswer } from '../../src/remote/envelope-carrier.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const never = new AbortController().signal;
const postLimits = { timeout: seconds(30), maxResponseBytes: 1000 };
const nothing = new Uint8Array(0);

/** A connection whose socket opens with its first envelope, and which answers when it is told to. */
class FakeConnection implements PooledConnection {
  readonly number: number;
  isOpen = false;
  #pending = 0;
  #answers: (() => void)[] = [];

  constructor(number: number) {
    this.number = number;
  }

  get isBusy(): boolean {
    return this.#pending > 0;
  }

  async post(): Promise<Result<PostAnswer>> {
    this.isOpen = true;
    this.#pending += 1;
    await new Promise<void>((resolve) => this.#answers.push(resolve));
    this.#pending -= 1;
    return ok({ status: 200, body: Uint8Array.of(this.number) });
  }

  answer(): void {
    this.#answers.shift()?.();
  }

  close(): void {
    this.isOpen = false;
  }
}

interface Site {
  readonly timers: VirtualTimers;
  readonly limits: ConnectionLimits;
  readonly made: FakeConnection[];
  readonly pool: (host?: string) => ConnectionPool<FakeConnection>;
  readonly live: () => number;
}

function site(options: ConnectionLimitOptions = {}): Site {
  const timers = new VirtualTimers();
  const limits = new ConnectionLimits(options);
  const made: FakeConnection[] = [];
  const connect = (): FakeConnection => {
    const connection = new FakeConnection(made.length);
    // As if something had been posted; `isOpen` is what is looked at.
    connection.isOpen = true;
    made.push(connection);
    return connection;
  };
  return {
    ...{ timers, limits, made },
    pool: () => new ConnectionPool({ limits, timers, connect }),
    live: () => made.filter(({ isOpen }) => isOpen).length,
  };
}

async function control(pool: ConnectionPool<FakeConnection>): Promise<number | undefined> {
  const answer = await pool.postControl(nothing, never, postLimits);
  return answer.ok ? answer.value.body[0] : undefined;
}

/** What became of a promise by now. */
async function state<T>(promise: Promise<T>): Promise<T | 'waits'> {
  await new Promise((resolve) => setImmediate(resolve));
  return Promise.race([promise, Promise.resolve('waits' as const)]);
}

describe('connections to one host', () => {
  test('are made when they are needed, and used again', async () => {
    const { made, pool } = site();
    const one = pool();

    const first = unwrap(await one.acquire(never));
    one.release(first);
    const again = unwrap(await one.acquire(never));

    expect(again).toBe(first);
    expect(made).toHaveLength(1);
  });

  test('are no more than the host may have; who waits gets the next that comes back, in order', async () => {
    const { made, pool } = site({ maxPerHost: 2 });
    const one = pool();
    const [first, second] = [unwrap(await one.acquire(never)), unwrap(await one.acquire(never))];

    const third = one.acquire(never);
    const fourth = one.acquire(never);
    expect(await state(third)).toBe('waits');
    one.release(second);
    one.release(first);

    expect(unwrap(await third)).toBe(second);
    expect(unwrap(await fourth)).toBe(first);
    expect(made).toHaveLength(2);
  });

  test('that come back without a socket are forgotten, unless somebody waits for one', async () => {
    const { limits, made, pool } = site({ maxPerHost: 1 });
    const one = pool();
    const first = unwrap(await one.acquire(never));
    const second = one.acquire(never);

    first.close();
    one.release(first);
    expect(unwrap(await second)).toBe(first);
    one.release(first);

    expect(limits.open).toBe(0);
    await one.acquire(never);
    expect(made).toHaveLength(2);
  });

  test('are not given to who has given up, before or while waiting', async () => {
    const { pool } = site({ maxPerHost: 1 });
    const one = pool();
    const first = unwrap(await one.acquire(never));
    const stop = new AbortController();
    const gaveUp = one.acquire(stop.signal);
    const patient = one.acquire(never);

    stop.abort();
    one.release(first);

    expect(await gaveUp).toMatchObject({ error: { code: 'net.aborted', details: { sent: false } } });
    expect(await one.acquire(stop.signal)).toMatchObject({ error: { code: 'net.aborted' } });
    expect(unwrap(await patient)).toBe(first);
  });

  test('that are given back twice count once', async () => {
    const { limits, pool } = site();
    const one = pool();
    const first = unwrap(await one.acquire(never));

    one.release(first);
    one.release(first);

    expect(limits.open).toBe(1);
    expect(unwrap(await one.acquire(never))).toBe(first);
    expect(unwrap(await one.acquire(never))).not.toBe(first);
  });

  test('that nobody uses are closed after a while, all but the one used last, which needs no timer', async () => {
    const { limits, timers, made, pool, live } = site();
    const one = pool();
    const all = await Promise.all([one.acquire(never), one.acquire(never), one.acquire(never)]);
    for (const connection of all) one.release(unwrap(connection));

    await timers.advance(seconds(29));
    const before = live();
    await timers.advance(seconds(2));

    expect([before, live(), limits.open, timers.pending]).toEqual([3, 1, 1, 0]);
    expect(unwrap(await one.acquire(never))).toBe(made[2]);
  });

  test('that were used meanwhile stay as much longer', async () => {
    const { timers, pool, live } = site();
    const one = pool();
    const all = await Promise.all([one.acquire(never), one.acquire(never), one.acquire(never)]);
    for (const connection of all) {
      one.release(unwrap(connection));
      await timers.advance(seconds(10));
    }

    const lived = [];
    for (const wait of [1, 10]) {
      await timers.advance(seconds(wait));
      lived.push(live());
    }

    expect(lived).toEqual([2, 1]);
  });

  test('are all closed with their pool, and who waits is told', async () => {
    const { limits, timers, pool, live } = site({ maxPerHost: 2 });
    const one = pool();
    const [first, second] = [unwrap(await one.acquire(never)), unwrap(await one.acquire(never))];
    void control(one);
    const waiting = one.acquire(never);
    one.release(first);
    const third = unwrap(await waiting);
    const late = one.acquire(never);

    one.close();
    one.release(second);
    one.release(third);

    expect(await late).toMatchObject({ error: { code: 'net.aborted' } });
    expect(await one.acquire(never)).toMatchObject({ error: { code: 'net.aborted' } });
    expect(await control(one)).toBeUndefined();
    expect([live(), limits.open, timers.pending]).toEqual([0, 0, 0]);
  });
});

describe('control', () => {
  test('goes over an idle connection, since that is logged on', async () => {
    const { made, pool } = site();
    const one = pool();
    one.release(unwrap(await one.acquire(never)));

    const asked = control(one);
    made[0]?.answer();

    expect(await asked).toBe(0);
    expect(made).toHaveLength(1);
  });

  test('never waits for leases, not even where every connection of every host is taken', async () => {
    const { limits, made, pool } = site({ maxConnections: 2, maxPerHost: 2 });
    const one = pool();
    await one.acquire(never);
    await one.acquire(never);
    const waits = one.acquire(never);

    const asked = control(one);
    made[2]?.answer();

    expect(await asked).toBe(2);
    expect(await state(waits)).toBe('waits');
    expect(limits.open).toBe(3);
  });

  test('keeps its own connection while it is used, and closes it after a while', async () => {
    const { limits, timers, made, pool, live } = site();
    const one = pool();
    await one.acquire(never);
    for (const _ of [1, 2]) {
      const asked = control(one);
      made[1]?.answer();
      expect(await asked).toBe(1);
      await timers.advance(seconds(20));
    }

    expect(live()).toBe(2);
    await timers.advance(seconds(45));

    expect([live(), limits.open, timers.pending]).toEqual([1, 1, 0]);
  });

  test('that has no answer yet is not cut off', async () => {
    const { timers, made, pool } = site();
    const one = pool();
    await one.acquire(never);

    const asked = control(one);
    await timers.advance(seconds(100));
    made[1]?.answer();

    expect(await asked).toBe(1);
  });

  test('takes an idle connection rather than wait behind what it asked before', async () => {
    const { made, pool } = site();
    const one = pool();
    const first = unwrap(await one.acquire(never));
    const slow = control(one);
    one.release(first);

    const asked = control(one);
    made[0]?.answer();

    expect(await asked).toBe(0);
    expect(await state(slow)).toBe('waits');
  });

  test('waits its turn behind what it asked before where there is nothing else', async () => {
    const { made, pool } = site();
    const one = pool();
    await one.acquire(never);

    const slow = control(one);
    const asked = control(one);
    made[1]?.answer();
    made[1]?.answer();

    expect(await Promise.all([slow, asked])).toEqual([1, 1]);
    expect(made).toHaveLength(2);
  });
});

describe('check 23: connections of many hosts', () => {
  test('go host by host to those that wait, so that a host that wants many keeps nobody waiting', async () => {
    const { pool } = site({ maxConnections: 2 });
    const [greedy, modest] = [pool(), pool()];
    const order: string[] = [];
    const use = async (host: typeof greedy, name: string): Promise<void> => {
      const connection = unwrap(await host.acquire(never));
      order.push(name);
      await new Promise((resolve) => setImmediate(resolve));
      host.release(connection);
    };

    const many = [1, 2, 3, 4, 5, 6].map((number) => use(greedy, `greedy ${String(number)}`));
    const few = [1, 2].map((number) => use(modest, `modest ${String(number)}`));
    await Promise.all([...many, ...few]);

    expect(order.slice(0, 4)).toEqual(['greedy 1', 'greedy 2', 'greedy 3', 'modest 1']);
    expect(order.slice(4, 6)).toEqual(['greedy 4', 'modest 2']);
    expect(order).toHaveLength(8);
  });

  test('that hang hold no more than their own share', async () => {
    const { pool } = site({ maxConnections: 10, maxPerHost: 3 });
    const tarpit = pool();
    const stuck = Array.from({ length: 50 }, () => tarpit.acquire(never));

    const others = await Promise.all([pool().acquire(never), pool().acquire(never), pool().acquire(never)]);

    expect(others.every(({ ok: isOk }) => isOk)).toBe(true);
    expect(await state(stuck[3] ?? Promise.reject(new Error('none')))).toBe('waits');
  });

  test('that are idle give way to a host that waits, the longest idle first, but for those that are busy', async () => {
    const { made, pool } = site({ maxConnections: 3 });
    const idle = [pool(), pool(), pool()];
    for (const each of idle) each.release(unwrap(await each.acquire(never)));
    void (idle[0] && control(idle[0]));

    const other = pool();
    await other.acquire(never);
    await other.acquire(never);
    const third = other.acquire(never);

    expect(made.map(({ isOpen }) => isOpen)).toEqual([true, false, false, true, true]);
    expect(await state(third)).toBe('waits');
  });

  test('that become idle go to who waits elsewhere', async () => {
    const { pool, limits } = site({ maxConnections: 1 });
    const [one, other] = [pool(), pool()];
    const first = unwrap(await one.acquire(never));
    const waiting = other.acquire(never);

    one.release(first);

    expect(unwrap(await waiting)).not.toBe(first);
    expect([first.isOpen, limits.open]).toEqual([false, 1]);
  });

  test('of who no longer wants one are passed on', async () => {
    const { pool } = site({ maxConnections: 1 });
    const [one, other, third] = [pool(), pool(), pool()];
    const first = unwrap(await one.acquire(never));
    const stop = new AbortController();
    void other.acquire(stop.signal);
    const waiting = third.acquire(never);

    stop.abort();
    one.release(first);

    expect((await waiting).ok).toBe(true);
  });

  test('never pass their bounds, and nobody waits while there is room, whatever happens in whatever order', async () => {
    const step = fc.record({
      host: fc.integer({ min: 0, max: 3 }),
      act: fc.constantFrom('acquire', 'acquire', 'release', 'break', 'give up', 'control', 'close' as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const bounds = { maxConnections: 5, maxPerHost: 3 };
        const { limits, pool, live, made } = site(bounds);
        const hosts = Array.from({ length: 4 }, () => ({
          pool: pool(),
          held: [] as FakeConnection[],
          waiting: new Map<AbortController, Promise<unknown>>(),
          controls: 0,
          isClosed: false,
        }));
        for (const { host, act } of steps) {
          const it = hosts[host];
          if (it === undefined) continue;
          if (act === 'acquire') {
            const stop = new AbortController();
            const taken = it.pool.acquire(stop.signal).then((result) => {
              it.waiting.delete(stop);
              if (result.ok) it.held.push(result.value);
            });
            it.waiting.set(stop, taken);
          }
          const connection = act === 'release' || act === 'break' ? it.held.shift() : undefined;
          if (act === 'break') connection?.close();
          if (connection !== undefined) it.pool.release(connection);
          if (act === 'give up') [...it.waiting.keys()][0]?.abort();
          if (act === 'control') {
            const asked = control(it.pool);
            for (const each of made) each.answer();
            await asked;
          }
          if (act === 'close') {
            it.pool.close();
            it.isClosed = true;
            it.held.length = 0;
          }
          await new Promise((resolve) => setImmediate(resolve));

          const wanting = hosts.filter(
            (each) => each.waiting.size > 0 && each.held.length < bounds.maxPerHost,
          );
          expect(hosts.every(({ held }) => held.length <= bounds.maxPerHost)).toBe(true);
          expect(limits.open).toBeLessThanOrEqual(bounds.maxConnections + hosts.length);
          expect(live()).toBeLessThanOrEqual(limits.open);
          if (limits.open < bounds.maxConnections) expect(wanting).toEqual([]);
        }
        for (const { pool: each } of hosts) each.close();
        expect([limits.open, live()]).toEqual([0, 0]);
      }),
      { numRuns: 300 },
    );
  });
});
