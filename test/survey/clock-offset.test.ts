import { expect, test } from 'vitest';
import { instant } from '../../src/core/time.ts';
import { clockOffset, likelyOffset } from '../../src/survey/clock-offset.ts';

const at = (seconds: number) => instant(1_764_028_800_000 + seconds * 1000);

test('a host that needed long for its answer is not said to have another time', () => {
  const offset = clockOffset(at(16), at(0), at(17));

  expect(offset).toEqual({ least: -1000, most: 16_999 });
  expect(likelyOffset(offset)).toBe(0);
});

test.each([
  ['ahead', 95, 90_499.5],
  ['behind', -85, -89_500.5],
])('a clock that is certainly %s is told by the middle of what it can be', (_, theirs, middle) => {
  expect(likelyOffset(clockOffset(at(theirs), at(0), at(10)))).toBe(Math.round(middle));
});
