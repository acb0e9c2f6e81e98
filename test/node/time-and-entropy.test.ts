import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hours, instant, minutes, seconds } from '../../src/core/time.ts';
import type { Duration } from '../../src/core/time.ts';
import { systemClock } from '../../src/node/clock.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import { systemTimers } from '../../src/node/timers.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const days = (count: number): Duration => hours(count * 24);
const signal = new AbortController().signal;
const watch = (promise: Promise<void>): { done: boolean } => {
  const state = { done: false };
  void promise.then(() => {
    state.done = true;
  });
  return state;
};

describe('a timer', () => {
  test('fires once after its delay, even beyond what setTimeout can count', async () => {
    let fired = 0;
    systemTimers.after(days(60), () => fired++);

    await vi.advanceTimersByTimeAsync(days(60) - 1);
    expect(fired).toBe(0);
    await vi.advanceTimersByTimeAsync(days(60));
    expect(fired).toBe(1);
  });

  test('that is cancelled does not fire, in any of its steps', async () => {
    let fired = 0;
    const cancel = systemTimers.after(days(60), () => fired++);

    await vi.advanceTimersByTimeAsync(days(30));
    cancel();
    await vi.advanceTimersByTimeAsync(days(60));

    expect(fired).toBe(0);
  });

  test('measures by the monotonic clock', async () => {
    const start = systemTimers.monotonic();

    await vi.advanceTimersByTimeAsync(1500);

    expect(systemTimers.monotonic() - start).toBe(1500);
  });
});

describe('a sleep', () => {
  test('ends after its delay', async () => {
    const sleep = watch(systemTimers.sleep(seconds(2), signal));

    await vi.advanceTimersByTimeAsync(1999);
    expect(sleep.done).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(sleep.done).toBe(true);
  });

  test('ends at once when it is aborted, before or during it', async () => {
    const stop = new AbortController();
    const sleep = watch(systemTimers.sleep(seconds(2), stop.signal));

    stop.abort();
    await vi.advanceTimersByTimeAsync(0);

    expect(sleep.done).toBe(true);
    await systemTimers.sleep(seconds(2), stop.signal);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('sleeping until an instant', () => {
  test('ends when it has come', async () => {
    const sleep = watch(systemClock.sleepUntil(instant(days(40)), signal));

    await vi.advanceTimersByTimeAsync(days(40) - 1);
    expect(sleep.done).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect([sleep.done, systemClock.now()]).toEqual([true, days(40)]);
  });

  test('notices within a minute that the clock was set forward', async () => {
    const sleep = watch(systemClock.sleepUntil(instant(days(1)), signal));

    vi.setSystemTime(days(2));
    await vi.advanceTimersByTimeAsync(minutes(1));

    expect(sleep.done).toBe(true);
  });

  test('goes on when the clock was set back', async () => {
    const sleep = watch(systemClock.sleepUntil(instant(minutes(1)), signal));

    vi.setSystemTime(0 - minutes(10));
    await vi.advanceTimersByTimeAsync(minutes(2));

    expect(sleep.done).toBe(false);
  });

  test('returns at once for the past and for an aborted signal', async () => {
    await systemClock.sleepUntil(instant(0), signal);
    await systemClock.sleepUntil(instant(days(1)), AbortSignal.abort());

    expect(vi.getTimerCount()).toBe(0);
  });
});

test('entropy gives as many bytes as asked, and version 4 UUIDs', () => {
  expect(systemEntropy.bytes(16)).toHaveLength(16);
  expect(systemEntropy.bytes(16)).not.toEqual(systemEntropy.bytes(16));
  expect(systemEntropy.uuid()).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});
