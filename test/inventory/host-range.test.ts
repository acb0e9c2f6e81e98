import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandHostPattern } from '../../src/inventory/host-range.ts';

function expand(text: string): readonly string[] {
  const expanded = expandHostPattern(text);
  if (!expanded.ok) throw expanded.error;
  return expanded.value.names;
}

describe('a name stands for', () => {
  test.each([
    ['web', ['web']],
    ['web-[1:3]', ['web-1', 'web-2', 'web-3']],
    ['web-[01:07:3].example', ['web-01.example', 'web-04.example', 'web-07.example']],
    ['db-[a:c]', ['db-a', 'db-b', 'db-c']],
    ['db-[y:B]', ['db-y', 'db-z', 'db-A', 'db-B']],
    ['r[1:2]-s[a:b]', ['r1-sa', 'r1-sb', 'r2-sa', 'r2-sb']],
    ['n[:2]', ['n0', 'n1', 'n2']],
    ['n[9:11]', ['n9', 'n10', 'n11']],
    ['2001:db8::1', ['2001:db8::1']],
  ])('%s', (text, names) => {
    expect(expand(text)).toEqual(names);
  });

  test.each([
    ['web:2222', ['web'], 2222],
    ['web-[1:2]:5986', ['web-1', 'web-2'], 5986],
    ['[2001:db8::1]:5986', ['2001:db8::1'], 5986],
  ])('%s, with a port', (text, names, port) => {
    expect(expandHostPattern(text)).toEqual({ ok: true, value: { names, port } });
  });
});

describe('a range is refused', () => {
  test.each([
    ['web-[1]', 'a range has a begin, an end and at most a step'],
    ['web-[1:2:3:4]', 'a range has a begin, an end and at most a step'],
    ['web-[1:]', 'the end is missing'],
    ['web-[01:100]', 'a padded begin needs an end of equal length'],
    ['web-[5:1]', 'the begin is after the end'],
    ['web-[c:a]', 'the begin is after the end'],
    ['web-[a:5]', 'the bounds must be two numbers or two letters'],
    ['web-[ab:cd]', 'the bounds must be two numbers or two letters'],
    ['web-[1:5:0]', 'the step must be a whole number above zero'],
    ['web-[1:5:x]', 'the step must be a whole number above zero'],
    ['web-[1:5', 'a bracket is not closed'],
    ['web-[1:999999999]', 'it stands for more than 100000 hosts'],
    ['r[1:999]-s[1:999]', 'it stands for more than 100000 hosts'],
  ])('%s: %s', (text, reason) => {
    const expanded = expandHostPattern(text);

    expect(expanded).toMatchObject({
      ok: false,
      error: { code: 'inventory.host-range', details: { reason } },
    });
  });
});

test('a range of numbers expands as counting does', () => {
  const range = fc.record({
    first: fc.nat(300),
    length: fc.nat(300),
    step: fc.integer({ min: 1, max: 40 }),
    width: fc.constantFrom(0, 4, 6),
  });

  fc.assert(
    fc.property(range, ({ first, length, step, width }) => {
      const pad = (count: number): string => String(count).padStart(width, '0');

      const names = expand(`h[${pad(first)}:${pad(first + length)}:${step}]x`);

      const counted: string[] = [];
      for (let count = first; count <= first + length; count += step) counted.push(`h${pad(count)}x`);
      expect(names).toEqual(counted);
    }),
  );
});
