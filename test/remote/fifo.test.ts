import { expect, test } from 'vitest';
import { Fifo } from '../../src/remote/fifo.ts';

test('tasks run one after another in the order they came, past one that fails', async () => {
  const fifo = new Fifo();
  const steps: string[] = [];
  const gate = Promise.withResolvers<undefined>();

  const first = fifo.run(async () => {
    steps.push('first begins');
    await gate.promise;
    steps.push('first ends');
    throw new Error('no');
  });
  const second = fifo.run(() => {
    steps.push('second');
    return Promise.resolve(2);
  });
  const waiting = fifo.length;
  gate.resolve(undefined);

  await expect(first).rejects.toThrow('no');
  expect(await second).toBe(2);
  expect(steps).toEqual(['first begins', 'first ends', 'second']);
  expect([waiting, fifo.length]).toEqual([2, 0]);
});
