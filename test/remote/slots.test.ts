import { expect, test } from 'vitest';
import { Slots } from '../../src/remote/slots.ts';
import { never } from '../support/winrm-host.ts';

test('there are as many places as allowed, and who waits gets in by turn', async () => {
  const slots = new Slots(1);
  const order: string[] = [];
  expect(await slots.take(never)).toBe(true);
  const waiting = ['b', 'c'].map((name) => slots.take(never).then(() => order.push(name)));

  slots.release();
  await waiting[0];
  expect(order).toEqual(['b']);
  slots.release();
  await waiting[1];

  expect(order).toEqual(['b', 'c']);
});

test('who gives up waiting is not let in', async () => {
  const slots = new Slots(1);
  await slots.take(never);
  const stop = new AbortController();
  const waiting = slots.take(stop.signal);

  stop.abort();

  expect(await waiting).toBe(false);
  expect(await slots.take(AbortSignal.abort())).toBe(false);
  slots.release();
  expect(await slots.take(never)).toBe(true);
});

test('a higher limit lets in who waits', async () => {
  const slots = new Slots(1);
  await slots.take(never);
  const waiting = slots.take(never);

  slots.limit = 2;

  expect(await waiting).toBe(true);
  expect(slots.limit).toBe(2);
});
