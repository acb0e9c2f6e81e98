import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { psCustomObject, psDictionary, psEnum, psList, psObject } from '../../../src/core/ps-value.ts';
import type { PsObject, PsValue } from '../../../src/core/ps-value.ts';
import { Secret } from '../../../src/core/secret.ts';
import { toPlain, toPsValue } from '../../../src/remote/api/plain-value.ts';
import type { PlainValue } from '../../../src/remote/api/plain-value.ts';

const bytes = Uint8Array.of(1, 2, 255);
const secret = new Secret('geheim');

describe('what goes out', () => {
  test.each<[string, PlainValue, PsValue]>([
    ['nothing', undefined, null],
    ['null', null, null],
    ['a text', 'x', 'x'],
    ['a boolean', true, true],
    ['a small integer', -7, -7],
    ['an integer beyond Int32', 2 ** 40, 2n ** 40n],
    ['a fraction', 0.5, 0.5],
    ['a bigint', 5n, 5n],
    ['bytes', bytes, bytes],
    ['a secret', secret, { kind: 'secureString', secret }],
    ['a date', new Date(Date.UTC(2026, 10, 25, 4)), { kind: 'dateTime', text: '2026-11-25T04:00:00.000Z' }],
    ['an array', [1, 'a', [null]], psList([1, 'a', psList([null])])],
    [
      'an object',
      { a: 1, b: undefined, c: { d: true } },
      psDictionary([
        ['a', 1],
        ['c', psDictionary([['d', true]])],
      ]),
    ],
    ['a map', new Map<PlainValue, PlainValue>([[1, 'one']]), psDictionary([[1, 'one']])],
    [
      'a record of its own kind',
      { kind: 'apple', size: 3 },
      psDictionary([
        ['kind', 'apple'],
        ['size', 3],
      ]),
    ],
    ['a typed value', { kind: 'guid', text: 'x' }, { kind: 'guid', text: 'x' }],
    ['a typed number', { kind: 'byte', value: 1 }, { kind: 'byte', value: 1 }],
  ])('%s', (_, value, expected) => {
    expect(toPsValue(value)).toEqual(expected);
  });

  test('objects and progress records of our own kinds pass as they are', () => {
    const object = psCustomObject({ a: 1 });
    const progress = { kind: 'progress', activity: 'a', percentComplete: 1 } as unknown as PsValue;

    expect(toPsValue(object)).toBe(object);
    expect(toPsValue(progress)).toBe(progress);
  });

  test('what has no counterpart is refused', () => {
    const knot: PlainValue[] = [];
    knot.push(knot);
    const odd = [() => 1, Symbol('x'), new URL('http://x'), new Date(Number.NaN), knot];

    for (const value of odd) expect(() => toPsValue(value as PlainValue)).toThrow(TypeError);
  });
});

describe('what comes back', () => {
  test.each<[string, PsValue, unknown]>([
    ['a char', { kind: 'char', code: 65 }, 'A'],
    ['a byte', { kind: 'byte', value: 7 }, 7],
    ['an unsigned 64-bit integer', { kind: 'uint64', value: 2n ** 63n }, 2n ** 63n],
    ['a decimal', { kind: 'decimal', text: '1.50' }, '1.50'],
    ['a secret', { kind: 'secureString', secret }, secret],
    ['an enum', psEnum('System.DayOfWeek', 3, 'Wednesday'), 'Wednesday'],
    ['a text with properties', psObject({ base: 'x', extended: new Map([['n', 1]]) }), 'x'],
    ['an object without properties', psObject({ text: 'it' }), 'it'],
    ['an object without anything', psObject({}), {}],
    ['a list', psList([1, psList(['a'])]), [1, ['a']]],
    [
      'a dictionary',
      psDictionary([
        ['a', 1],
        [2, 'b'],
      ]),
      { a: 1, 2: 'b' },
    ],
    ['an object', psCustomObject({ a: 1, b: null }), { a: 1, b: null }],
  ])('%s', (_, value, expected) => {
    expect(toPlain(value)).toEqual(expected);
  });

  test('a progress record has null for what was not sent', () => {
    const progress = { kind: 'progress', activity: 'a', status: undefined } as unknown as PsValue;

    expect(toPlain(progress)).toEqual({ activity: 'a', status: null });
  });

  test('an object that holds itself still does', () => {
    const extended = new Map<string, PsValue>();
    const self: PsObject = psObject({ extended });
    extended.set('me', self);

    const plain = toPlain(self) as { me: unknown };

    expect(plain.me).toBe(plain);
  });

  test('a member called __proto__ is a member, and no prototype', () => {
    const plain = toPlain(psDictionary([['__proto__', psDictionary([['admin', true]])]]));

    expect(Object.keys(plain as object)).toEqual(['__proto__']);
    expect((plain as { admin?: unknown }).admin).toBeUndefined();
  });

  test('plain values of any shape survive the way out and back', () => {
    const plain = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.string({ unit: 'binary' }),
        fc.integer(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).value;

    fc.assert(
      fc.property(plain, (value) => {
        expect(toPlain(toPsValue(value as PlainValue))).toEqual(value);
      }),
    );
  });
});

test('chains of references longer than any document is deep are cut, and keys of any kind have a name', () => {
  let chain: PsValue = 'end';
  for (let length = 0; length < 30_000; length += 1) chain = psList([chain]);
  const odd = psDictionary([[psList([2n ** 60n, 'a']), 1]]);

  expect(JSON.stringify(toPlain(chain))).toContain('[truncated]');
  expect(toPlain(odd)).toEqual({ '["1152921504606846976","a"]': 1 });
});
