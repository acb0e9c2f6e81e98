import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applicationTag,
  contextTag,
  decodeOid,
  DerTag,
  encodeOid,
  readDer,
  readDerParts,
  readOnlyDer,
  writeDer,
} from '../../../src/wire/bytes/der.ts';

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

describe('a value', () => {
  test.each([0, 1, 127, 128, 255, 256, 65_535, 65_536])('of %i bytes comes back as written', (length) => {
    const content = new Uint8Array(length).fill(7);

    const written = writeDer(DerTag.octetString, content);

    expect(readDer(written)).toEqual({ tag: DerTag.octetString, content, end: written.length });
    expect(readOnlyDer(written, DerTag.octetString)).toEqual(content);
  });

  test.each([
    [127, [0x7f]],
    [128, [0x81, 0x80]],
    [256, [0x82, 0x01, 0x00]],
  ])('of %i bytes has the shortest length', (length, expected) => {
    const written = writeDer(DerTag.octetString, new Uint8Array(length));

    expect([...written.subarray(1, 1 + expected.length)]).toEqual(expected);
  });

  test('is read behind others', () => {
    expect(readDer(bytes(5, 0, 2, 1, 9), 2)).toEqual({ tag: 2, content: bytes(9), end: 5 });
  });

  test('cut short anywhere is none', () => {
    const written = writeDer(DerTag.sequence, new Uint8Array(300));

    for (let length = 0; length < written.length; length++) {
      expect(readDer(written.subarray(0, length))).toBeUndefined();
    }
  });

  test.each([
    ['an indefinite length', bytes(0x30, 0x80, 0, 0)],
    ['a length of five bytes', bytes(0x04, 0x85, 0, 0, 0, 0, 0)],
    ['a length of four gigabytes', bytes(0x04, 0x84, 0xff, 0xff, 0xff, 0xff, 0)],
    ['a tag of several bytes', bytes(0x1f, 0x81, 0x01, 0)],
  ])('with %s is refused', (_, given) => {
    expect(readDer(given)).toBeUndefined();
  });

  test('is not the only one where another tag stands, or something follows', () => {
    expect(readOnlyDer(bytes(2, 1, 9), DerTag.octetString)).toBeUndefined();
    expect(readOnlyDer(bytes(4, 1, 9, 0), DerTag.octetString)).toBeUndefined();
    expect(readOnlyDer(bytes(), DerTag.octetString)).toBeUndefined();
  });
});

describe('parts', () => {
  test('are all read, or none', () => {
    expect(readDerParts(bytes(5, 0, 2, 1, 9))).toHaveLength(2);
    expect(readDerParts(bytes())).toEqual([]);
    expect(readDerParts(bytes(5, 0, 2, 2, 9))).toBeUndefined();
  });

  test('are at most 256', () => {
    const nulls = (count: number): Uint8Array =>
      new Uint8Array(count * 2).map((_, at) => (at % 2 === 0 ? 5 : 0));

    expect(readDerParts(nulls(256))).toHaveLength(256);
    expect(readDerParts(nulls(257))).toBeUndefined();
  });
});

describe('an object identifier', () => {
  test.each([
    ['1.2.840.113549.1.1.10', [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a]],
    ['1.3.6.1.5.5.2', [0x2b, 0x06, 0x01, 0x05, 0x05, 0x02]],
    ['2.999.3', [0x88, 0x37, 0x03]],
    ['0.9', [0x09]],
  ])('%s is written and read as published', (dotted, content) => {
    expect([...encodeOid(dotted)]).toEqual(content);
    expect(decodeOid(Uint8Array.from(content))).toBe(dotted);
  });

  test('comes back as written', () => {
    const number = fc.nat(0xffff_ffff);
    fc.assert(
      fc.property(fc.nat(2), fc.nat(39), fc.array(number, { maxLength: 20 }), (arc, second, others) => {
        const dotted = [arc, second, ...others].join('.');
        expect(decodeOid(encodeOid(dotted))).toBe(dotted);
      }),
    );
  });

  test.each([
    ['empty', []],
    ['cut short', [0x2a, 0x86]],
    ['with leading zeros', [0x2a, 0x80, 0x01]],
    ['with a number beyond all reason', [0x2a, ...Array<number>(9).fill(0xff), 0x7f]],
  ])('that is %s is none', (_, content) => {
    expect(decodeOid(Uint8Array.from(content))).toBeUndefined();
  });
});

test('tags of the context and of an application are constructed', () => {
  expect([contextTag(1), applicationTag(0)]).toEqual([0xa1, 0x60]);
});

test('any bytes are read or refused, never thrown over', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (given) => {
      const parts = readDerParts(given);
      for (const { tag, content } of parts ?? []) if (tag === DerTag.oid) decodeOid(content);
      expect(parts?.at(-1)?.end ?? given.length).toBe(given.length);
    }),
  );
});
