import { describe, expect, test } from 'vitest';
import { faults } from '../../../src/lab/server/faults.ts';
import { OutputQueue } from '../../../src/lab/server/output-queue.ts';
import type { ShellOutput } from '../../../src/lab/server/shell-backend.ts';
import { never } from '../../support/winrm-host.ts';

const bytes = (count: number, value = 0): Uint8Array => new Uint8Array(count).fill(value);
const quickly = AbortSignal.abort();
/** What a Receive would get. */
async function outputOf(taking: ReturnType<OutputQueue['take']>): Promise<ShellOutput> {
  const output = await taking;
  if (!output.ok) throw new Error(output.error.reason);
  return output.value;
}
const taken = async (queue: OutputQueue, maxBytes: number): Promise<readonly number[]> =>
  (await outputOf(queue.take(maxBytes, quickly))).streams.map(({ data }) => data.length);
/** Whether a promise is settled by now. */
const isSettled = (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    promise.then(() => true),
    new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
  ]);

describe('output that waits', () => {
  test('is taken in order, as much as fits, and at least one piece', async () => {
    const queue = new OutputQueue();
    for (const size of [5, 5, 5, 50, 1]) queue.push(bytes(size));

    expect(await taken(queue, 12)).toEqual([5, 5]);
    expect(await taken(queue, 12)).toEqual([5]);
    expect(await taken(queue, 12)).toEqual([50]);
    expect(await taken(queue, 12)).toEqual([1]);
    expect(await taken(queue, 12)).toEqual([]);
  });

  test('is cut to fit where it may be', async () => {
    const queue = new OutputQueue({ splits: true });
    queue.push(bytes(3, 1));
    queue.push(bytes(20, 2), 'stderr', true);

    const first = (await outputOf(queue.take(10, never))).streams;
    expect(first).toEqual([
      { stream: 'stdout', data: bytes(3, 1) },
      { stream: 'stderr', data: bytes(7, 2) },
    ]);
    expect(await taken(queue, 10)).toEqual([10]);
    expect((await outputOf(queue.take(10, never))).streams).toEqual([
      { stream: 'stderr', data: bytes(3, 2), end: true },
    ]);
    queue.push(bytes(10));
    queue.push(bytes(4));
    expect(await taken(queue, 10)).toEqual([10]);
  });

  test('makes its writer wait until there is room', async () => {
    const queue = new OutputQueue({ maxBytes: 10 });
    queue.push(bytes(10));
    expect(await isSettled(queue.drained())).toBe(true);
    queue.push(bytes(1));
    const drained = queue.drained();
    expect(await isSettled(drained)).toBe(false);

    await queue.take(10, never);

    expect(await isSettled(drained)).toBe(true);
  });

  test.each([
    ['ends', (queue: OutputQueue) => queue.end()],
    ['breaks', (queue: OutputQueue) => queue.break(faults.aborted)],
    ['is unbound', (queue: OutputQueue) => queue.unbound()],
    ['is cleared', (queue: OutputQueue) => queue.clear()],
    ['may drop', (queue: OutputQueue) => queue.setMode('Drop')],
  ])('lets its writer go when it %s', async (_, act) => {
    const queue = new OutputQueue({ maxBytes: 1 });
    queue.push(bytes(2));
    const drained = queue.drained();
    expect(await isSettled(drained)).toBe(false);

    act(queue);

    expect(await isSettled(drained)).toBe(true);
  });

  test('is dropped from its beginning in mode Drop, as far as it may be', async () => {
    const queue = new OutputQueue({ maxBytes: 10, isDroppable: ({ data }) => data[0] === 1 });
    queue.push(bytes(4, 1));
    queue.push(bytes(4, 2));
    queue.setMode('Drop');
    for (const value of [1, 1, 2]) queue.push(bytes(4, value));

    const { streams } = await outputOf(queue.take(100, never));

    expect(streams.map(({ data }) => data[0])).toEqual([2, 2]);
  });

  test('is kept in mode Drop where nothing may be lost', async () => {
    const queue = new OutputQueue({ maxBytes: 1 });
    queue.setMode('Drop');
    queue.push(bytes(4));
    queue.push(bytes(4));

    expect(await taken(queue, 100)).toEqual([4, 4]);
  });

  test('is told to be over, with its exit code, once all of it was taken', async () => {
    const queue = new OutputQueue();
    queue.push(bytes(5));
    queue.push(bytes(5));
    queue.end(3);
    queue.end(4);
    queue.push(bytes(5));

    expect(await outputOf(queue.take(5, never))).not.toHaveProperty('exitCode');
    expect(await outputOf(queue.take(5, never))).toMatchObject({ done: true, exitCode: 3 });
    expect(await outputOf(queue.take(5, never))).toEqual({ streams: [], done: true, exitCode: 3 });
  });

  test('that was taken but never arrived comes first again', async () => {
    const queue = new OutputQueue();
    queue.push(bytes(1));
    queue.push(bytes(2));
    const lost = await outputOf(queue.take(1, never));

    queue.restore(lost);

    expect(await taken(queue, 100)).toEqual([1, 2]);
    queue.break(faults.aborted);
    queue.restore(lost);
    expect(await queue.take(100, never)).toEqual({ ok: false, error: faults.aborted });
  });

  test('reaches one of two that wait; the other waits on', async () => {
    const queue = new OutputQueue();
    const waiting = [queue.take(10, never), queue.take(10, never)];

    queue.push(bytes(1));
    const first = await outputOf(waiting[0]!);
    expect(await isSettled(waiting[1]!)).toBe(false);
    queue.push(bytes(2));

    expect(first.streams).toHaveLength(1);
    expect((await outputOf(waiting[1]!)).streams).toHaveLength(1);
  });
});
