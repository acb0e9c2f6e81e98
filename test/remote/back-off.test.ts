import fc from 'fast-check';
import { expect, test } from 'vitest';
import { milliseconds, seconds } from '../../src/core/time.ts';
import { backOff } from '../../src/remote/back-off.ts';

const giving = (...bytes: readonly number[]) => ({ bytes: () => Uint8Array.from(bytes), uuid: () => '' });
const bounds = { first: seconds(1), most: seconds(15) };

test('the longest wait doubles with each try, up to a bound', () => {
  const longest = [1, 2, 3, 4, 5, 6, 1000].map((attempt) => backOff(bounds, attempt, giving(255, 255)));

  expect(longest).toEqual([1, 2, 4, 8, 15, 15, 15].map(seconds));
});

test('clients that were turned away together come back apart: any wait up to the longest is as likely', () => {
  const waits = [0, 64, 128, 192].map((high) => backOff(bounds, 1, giving(high, 0)));

  expect(waits).toEqual([0, 250, 500, 750].map(milliseconds));
});

test('no chance and no number of tries leaves the bounds', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, fc.integer({ min: 1, max: 1e6 }), (high, low, attempt) => {
      const wait = backOff(bounds, attempt, giving(high, low));

      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(bounds.most);
    }),
  );
});
