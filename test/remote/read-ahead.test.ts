import { expect, test } from 'vitest';
import { ReadAhead } from '../../src/remote/read-ahead.ts';
import { never } from '../support/winrm-host.ts';

interface Item {
  readonly name: string;
}

const item = (name: string): Item => ({ name });

test('items are read in the order in which they came, until the end', async () => {
  const ahead = new ReadAhead<Item>(100);
  ahead.push(item('a'), 10);
  ahead.push(item('b'), 10);
  ahead.end();
  ahead.push(item('too late'), 10);

  const read = [await ahead.next(), await ahead.next(), await ahead.next(), await ahead.next()];

  expect(read).toEqual([item('a'), item('b'), undefined, undefined]);
});

test('a reader that waits gets the next item, and the end when there is none', async () => {
  const ahead = new ReadAhead<Item>(100);
  const [first, second] = [ahead.next(), ahead.next()];

  ahead.push(item('a'), 10);
  ahead.end();

  expect(await first).toEqual(item('a'));
  expect(await second).toBeUndefined();
});

test('who fetches waits while there is too much unread, and goes on when it was read', async () => {
  const ahead = new ReadAhead<Item>(15);
  ahead.push(item('a'), 10);
  expect(ahead.hasRoom).toBe(true);
  ahead.push(item('b'), 10);
  expect(ahead.hasRoom).toBe(false);

  const room = ahead.room(never);
  await ahead.next();
  await room;

  expect(ahead.hasRoom).toBe(true);
});

test('a reader that waits makes room, however little is allowed', async () => {
  const ahead = new ReadAhead<Item>(-1);
  expect(ahead.hasRoom).toBe(false);
  const room = ahead.room(never);

  const next = ahead.next();
  await room;
  ahead.push(item('a'), 10);

  expect(await next).toEqual(item('a'));
});

test('waiting for room ends with the signal, and with the end', async () => {
  const stop = new AbortController();
  const ahead = new ReadAhead<Item>(0);
  ahead.push(item('a'), 10);
  const [aborted, ended] = [ahead.room(stop.signal), ahead.room(never)];

  stop.abort();
  await aborted;
  ahead.end();
  await ended;

  await ahead.room(never);
  await new ReadAhead<Item>(-1).room(AbortSignal.abort());
});

test('what nobody reads any more is dropped, and takes no room', async () => {
  const ahead = new ReadAhead<Item>(5);
  ahead.push(item('a'), 10);

  ahead.discard();
  ahead.push(item('b'), 10);

  expect(ahead.hasRoom).toBe(true);
  expect(await ahead.next()).toBeUndefined();
});
