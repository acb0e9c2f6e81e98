import { describe, expect, test } from 'vitest';
import { cycleMark, fromJson, toJson, truncationMark } from '../../src/core/ps-json.ts';
import {
  baseOf,
  dateTimeKind,
  integerOf,
  isPsEnum,
  itemsOf,
  propertyOf,
  psCustomObject,
  psDictionary,
  psEnum,
  psList,
  psObject,
  textOf,
} from '../../src/core/ps-value.ts';
import type { PsValue } from '../../src/core/ps-value.ts';
import { Secret } from '../../src/core/secret.ts';

describe('a PowerShell value', () => {
  const object = psObject({
    adapted: new Map<string, PsValue>([
      ['Name', 'adapted'],
      ['Only', 1],
    ]),
    extended: new Map<string, PsValue>([['name', 'extended']]),
    container: {
      kind: 'dictionary',
      entries: [
        ['Entry', 2],
        [3, 4],
      ],
    },
  });

  test('has properties without regard to case; extended ones win', () => {
    expect(propertyOf(object, 'name')).toBe('extended');
    expect(propertyOf(object, 'NAME')).toBe('extended');
    expect(propertyOf(object, 'only')).toBe(1);
    expect(propertyOf(object, 'ENTRY')).toBe(2);
    expect(propertyOf(object, 'other')).toBeUndefined();
    expect(propertyOf('text', 'Length')).toBeUndefined();
  });

  test('is read as text, integer or items only where it is that', () => {
    const day = psEnum('System.DayOfWeek', 1, 'Monday');

    expect(
      [day, 'x', { kind: 'version', text: '1.2' } as const, psObject({ base: 'inner' })].map(textOf),
    ).toEqual(['Monday', 'x', '1.2', 'inner']);
    expect([1, null, new Uint8Array(), { kind: 'char', code: 65 } as const, undefined].map(textOf)).toEqual(
      Array(5).fill(undefined),
    );
    expect(
      [day, 7, 8n, { kind: 'byte', value: 9 } as const, { kind: 'uint64', value: 10n } as const].map(
        integerOf,
      ),
    ).toEqual([1, 7, 8, 9, 10]);
    expect([1.5, 2n ** 60n, '1', null, undefined].map(integerOf)).toEqual(Array(5).fill(undefined));
    expect(itemsOf(psList([1]))).toEqual([1]);
    expect([object, psObject({}), 1].map(itemsOf)).toEqual(Array(3).fill(undefined));
    expect([baseOf(day), baseOf('x'), baseOf(object)]).toEqual([1, 'x', object]);
    expect([isPsEnum(day), isPsEnum(object), isPsEnum(psObject({ base: 1 }))]).toEqual([true, false, false]);
  });

  test('says of a date in which zone it is', () => {
    expect(
      ['2020-01-01T00:00:00Z', '2020-01-01T00:00:00-05:00', '2020-01-01T00:00:00.5'].map(dateTimeKind),
    ).toEqual(['utc', 'offset', 'unspecified']);
  });
});

describe('JSON for a script', () => {
  test('becomes hashtables, lists and numbers of the type that holds them', () => {
    const value = fromJson({
      a: [1, 2 ** 31, -(2 ** 31), 2 ** 53, 1.5, -0],
      b: null,
      c: undefined,
      d: 'x',
      e: true,
    });

    expect(value).toEqual(
      psDictionary([
        ['a', psList([1, 2n ** 31n, -(2 ** 31), 2 ** 53, 1.5, -0])],
        ['b', null],
        ['d', 'x'],
        ['e', true],
      ]),
    );
  });
});

describe('JSON from a script', () => {
  test.each<[string, PsValue, unknown]>([
    ['plain values', psList([null, true, 'x', 1.5, 7n]), [null, true, 'x', 1.5, 7]],
    [
      '64-bit integers beyond 2^53 as text',
      psList([2n ** 60n, { kind: 'uint64', value: 2n ** 64n - 1n }]),
      ['1152921504606846976', '18446744073709551615'],
    ],
    [
      'infinities as null',
      psList([Infinity, Number.NaN, { kind: 'single', value: -Infinity }]),
      [null, null, null],
    ],
    ['bytes as base64', new Uint8Array([1, 2]), 'AQI='],
    ['a character', { kind: 'char', code: 65 }, 'A'],
    ['a small number', { kind: 'byte', value: 5 }, 5],
    [
      'a date in UTC',
      { kind: 'dateTime', text: '2020-01-01T00:00:00.1234567+00:00' },
      '2020-01-01T00:00:00.1234567Z',
    ],
    ['a version', { kind: 'version', text: '1.2' }, '1.2'],
    ['an enum by its name', psEnum('System.DayOfWeek', 1, 'Monday'), 'Monday'],
    [
      'an enum without a name by its value',
      psObject({ base: 3, typeNames: ['Deserialized.System.Enum'] }),
      3,
    ],
    [
      'a primitive with properties by its value',
      psObject({ base: 'x', text: 'y', extended: new Map([['p', 1]]) }),
      'x',
    ],
    [
      'an object by its properties',
      psObject({
        text: 't',
        adapted: new Map([
          ['a', 1],
          ['b', 2],
        ]),
        extended: new Map([['b', 3]]),
      }),
      { a: 1, b: 3 },
    ],
    ['an object without properties by its text', psObject({ text: 't' }), 't'],
    ['an empty object', psCustomObject({}), {}],
    [
      'a dictionary with any keys',
      psDictionary([
        ['a', 1],
        [2, 'b'],
        [null, 3],
        ['__proto__', 4],
      ]),
      JSON.parse('{"a":1,"2":"b","null":3,"__proto__":4}'),
    ],
    ['a SecureString as a secret', { kind: 'secureString', secret: new Secret('p') }, '[secret]'],
    ['a SecureString that nobody can read', { kind: 'encryptedString', text: 'QQ==' }, '[secret]'],
  ])('shows %s', (_, value, expected) => {
    expect(toJson(value)).toEqual(expected);
  });

  test('shows a progress record by its members', () => {
    const record = {
      activity: 'a',
      activityId: 1,
      status: 's',
      currentOperation: undefined,
      parentActivityId: -1,
      percentComplete: 5,
      secondsRemaining: -1,
      type: 'Processing',
    };

    expect(toJson({ kind: 'progress', ...record })).toEqual(record);
  });

  test('cuts cycles but not objects that merely occur twice', () => {
    const items: PsValue[] = [];
    const cyclic = psList(items);
    const shared = psCustomObject({ n: 1 });
    items.push(shared, shared, cyclic);

    expect(toJson(cyclic)).toEqual([{ n: 1 }, { n: 1 }, cycleMark]);
  });

  test('is cut visibly where shared objects would multiply without end', () => {
    let tower = psList(['x']);
    for (let level = 0; level < 40; level++) tower = psList([tower, tower]);

    expect(JSON.stringify(toJson(tower))).toContain(truncationMark);
  });

  test('a chain of references longer than any document is deep is cut', () => {
    let chain: PsValue = 'end';
    for (let length = 0; length < 30_000; length += 1) chain = psCustomObject({ a: chain });

    expect(JSON.stringify(toJson(chain))).toContain(truncationMark);
  });
});
