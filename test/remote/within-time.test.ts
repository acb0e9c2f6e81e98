import { expect, test } from 'vitest';
import { seconds } from '../../src/core/time.ts';
import { withinTime } from '../../src/remote/within-time.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const never = new AbortController().signal;

test('what is done in time gives its value, and leaves no alarm behind', async () => {
  const timers = new VirtualTimers();

  const value = await withinTime({ timers, limit: seconds(5), signal: never }, () => Promise.resolve('done'));

  expect(value).toBe('done');
  expect(timers.pending).toBe(0);
});

test('what takes too long is told to stop, and is not waited for', async () => {
  const timers = new VirtualTimers();
  let wasTold = false;

  const { value, at } = await timers.finish(
    withinTime({ timers, limit: seconds(5), signal: never }, (signal) => {
      signal.addEventListener('abort', () => (wasTold = true));
      return new Promise<string>(() => undefined);
    }),
    seconds(60),
  );

  expect([value, at, wasTold]).toEqual(['timeout', seconds(5), true]);
});

test('a caller that gives up is heard inside', async () => {
  const timers = new VirtualTimers();
  const stop = new AbortController();

  const waiting = withinTime({ timers, limit: seconds(5), signal: stop.signal }, (signal) => {
    return new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('stopped')));
  });
  stop.abort();

  expect(await waiting).toBe('stopped');
});

test('what throws is passed on, and leaves no alarm behind', async () => {
  const timers = new VirtualTimers();
  const broken = withinTime({ timers, limit: seconds(5), signal: never }, () =>
    Promise.reject(new Error('bug')),
  );

  await expect(broken).rejects.toThrow('bug');
  expect(timers.pending).toBe(0);
});
