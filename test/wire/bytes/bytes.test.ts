import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../../src/wire/bytes/base64.ts';
import { ByteReader } from '../../../src/wire/bytes/byte-reader.ts';
import { ByteWriter } from '../../../src/wire/bytes/byte-writer.ts';
import { concatBytes } from '../../../src/wire/bytes/concat.ts';
import { le32 } from '../../../src/wire/bytes/little-endian.ts';
import { decodeUtf16le, encodeUtf16le } from '../../../src/wire/bytes/utf16.ts';

describe('a reader', () => {
  test('gives back what a writer wrote, across its growth', () => {
    const field = fc.record({
      byte: fc.integer({ min: 0, max: 0xff }),
      short: fc.integer({ min: 0, max: 0xffff }),
      word: fc.integer({ min: 0, max: 0xffff_ffff }),
      long: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      bytes: fc.uint8Array({ maxLength: 100 }),
    });
    fc.assert(
      fc.property(fc.array(field, { maxLength: 30 }), (fields) => {
        const writer = new ByteWriter();
        for (const { byte, short, word, long, bytes } of fields)
          writer.u8(byte).u16le(short).u32le(word).u32be(word).u64le(long).u64be(long).bytes(bytes).zeros(3);
        const written = writer.finish();
        const reader = new ByteReader(written);
        for (const { byte, short, word, long, bytes } of fields) {
          expect([reader.u8(), reader.u16le(), reader.u32le(), reader.u32be()]).toEqual([
            byte,
            short,
            word,
            word,
          ]);
          expect([reader.u64le(), reader.u64be()]).toEqual([long, long]);
          expect(reader.take(bytes.length)).toEqual(bytes);
          expect(reader.take(3)).toEqual(new Uint8Array(3));
        }
        expect([reader.remaining, reader.isShort]).toEqual([0, false]);
        expect([writer.length, reader.offset]).toEqual([written.length, written.length]);
      }),
    );
  });

  test('that runs past the end gives zeros and stays short', () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 3));

    expect([reader.u32le(), reader.u8(), reader.u64be(), reader.u64le()]).toEqual([0, 0, 0n, 0n]);
    expect([reader.take(1), reader.isShort]).toEqual([new Uint8Array(0), true]);
  });

  test('reads a view on part of a larger array', () => {
    const part = Uint8Array.of(9, 9, 1, 0, 9).subarray(2, 4);

    expect(new ByteReader(part).u16le()).toBe(1);
  });
});

describe('base64', () => {
  test('survives both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  test('may hold the white space of an XML text', () => {
    expect(decodeBase64(' AQ\r\nID ')).toEqual(Uint8Array.of(1, 2, 3));
  });

  test.each(['A', 'AQI', 'AQ=I', 'AQ-_', 'AQID====', '=', 'AQIDé'])('refuses %s', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});

test('UTF-16 keeps any text, lone surrogates too', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
      (text) => {
        expect(decodeUtf16le(encodeUtf16le(text))).toBe(text);
      },
    ),
  );
});

test('parts join in order', () => {
  expect(concatBytes(Uint8Array.of(1), new Uint8Array(0), le32(0xfffefdfc))).toEqual(
    Uint8Array.of(1, 0xfc, 0xfd, 0xfe, 0xff),
  );
});
