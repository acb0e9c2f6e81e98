import type { Difference } from '../difference.ts';
import { shorten } from '../values/describe.ts';

/** A simple value that must be equal; one difference where it is not. */
export function unequal(path: string, expected: unknown, got: unknown): readonly Difference[] {
  return Object.is(expected, got) ? [] : [{ path, expected: show(expected), got: show(got) }];
}

/** Something is expected in words that this runner does not know: it must not be taken for fulfilled. */
export function unknownExpectation(path: string, known: readonly string[]): Difference {
  return { path, expected: `one of ${known.join(', ')}`, got: 'a name that this runner does not know' };
}

export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  return shorten(typeof value === 'bigint' ? value.toString() : JSON.stringify(value));
}
