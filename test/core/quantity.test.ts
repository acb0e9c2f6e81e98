import { expect, test } from 'vitest';
import { quantity } from '../../src/core/quantity.ts';

test('only one thing stands in the singular', () => {
  expect([0, 1, 2].map((count) => quantity(count, 'host'))).toEqual(['0 hosts', '1 host', '2 hosts']);
});
