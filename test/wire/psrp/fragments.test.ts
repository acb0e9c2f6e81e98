import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { concatBytes } from '../../../src/wire/bytes/concat.ts';
import { readFragmentHeader, splitMessage } from '../../../src/wire/psrp/fragment.ts';
import { Reassembler } from '../../../src/wire/psrp/reassembler.ts';

const split = (id: bigint, message: Uint8Array, maxBytes = 1000): Uint8Array[] =>
  unwrap(splitMessage(id, message, maxBytes));
const fragment = (id: bigint, index: number, flags: number, blob: Uint8Array): Uint8Array => {
  const header = new DataView(new ArrayBuffer(21));
  header.setBigUint64(0, id);
  header.setBigUint64(8, BigInt(index));
  header.setUint8(16, flags);
  header.setUint32(17, blob.length);
  return concatBytes(new Uint8Array(header.buffer), blob);
};
const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);

describe('a PSRP message in fragments', () => {
  test('has the layout of MS-PSRP §2.2.4: big-endian ids, flags and length', () => {
    const [first, second] = split(1n, bytes(1, 2, 3), 23);

    expect(first).toEqual(bytes(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2));
    expect(second).toEqual(bytes(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 1, 3));
    expect(readFragmentHeader(bytes(1, 2))).toBeUndefined();
  });

  test('is whole again after any cutting of the stream', () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        messages,
        fc.integer({ min: 22, max: 90 }),
        fc.integer({ min: 1, max: 40 }),
        (sent, maxBytes, step) => {
          const fragments = sent.flatMap((message, index) => split(BigInt(index + 1), message, maxBytes));
          const stream = concatBytes(...fragments);
          const reassembler = new Reassembler();

          const received: Uint8Array[] = [];
          for (let offset = 0; offset < stream.length; offset += step) {
            received.push(...unwrap(reassembler.receive(stream.subarray(offset, offset + step))));
          }

          expect(fragments.every((one) => one.length <= maxBytes)).toBe(true);
          expect(received).toEqual(sent);
          expect(reassembler.isUnfinished).toBe(false);
        },
      ),
    );
  });

  test('needs fragments that hold at least one byte', () => {
    expect(splitMessage(1n, bytes(1), 21)).toMatchObject({ error: { code: 'psrp.fragment-size' } });
    expect(split(1n, bytes(), 22)).toHaveLength(1);
  });

  test('may be interleaved with a few others, and does not change with the buffer it came in', () => {
    const reassembler = new Reassembler();
    const buffer = concatBytes(fragment(1n, 0, 1, bytes(1)), fragment(2n, 0, 1, bytes(2)));
    unwrap(reassembler.receive(buffer));
    buffer.fill(0xff);

    expect(reassembler.isUnfinished).toBe(true);
    expect(unwrap(reassembler.receive(fragment(2n, 1, 2, bytes(3))))).toEqual([bytes(2, 3)]);
    expect(unwrap(reassembler.receive(fragment(1n, 1, 2, bytes(4))))).toEqual([bytes(1, 4)]);
  });

  test.each([
    ['begins in the middle', [fragment(1n, 1, 0, bytes(1))]],
    ['lacks its start flag', [fragment(1n, 0, 2, bytes(1))]],
    ['starts twice', [fragment(1n, 0, 1, bytes(1)), fragment(1n, 0, 1, bytes(1))]],
    ['skips a fragment', [fragment(1n, 0, 1, bytes(1)), fragment(1n, 2, 2, bytes(1))]],
    ['is one of too many', [1n, 2n, 3n].map((id) => fragment(id, 0, 1, bytes(1)))],
    [
      'has too many fragments',
      [0, 1, 2, 3].map((index) => fragment(1n, index, index === 0 ? 1 : 0, bytes(1))),
    ],
  ])('is refused when it %s, and the stream with it', (_, fragments) => {
    const reassembler = new Reassembler({ maxMessageBytes: 100, maxOpenMessages: 2, maxFragments: 3 });

    const results = fragments.map((one) => reassembler.receive(one));

    expect(results.at(-1)).toMatchObject({ error: { code: 'psrp.malformed' } });
    expect(reassembler.receive(fragment(9n, 0, 3, bytes(1)))).toEqual(results.at(-1));
  });

  test('is refused by its announced size, before the bytes are there', () => {
    const limits = { maxMessageBytes: 100, maxOpenMessages: 8, maxFragments: 10 };
    const huge = fragment(1n, 0, 1, new Uint8Array(101)).subarray(0, 21);
    const grows = new Reassembler(limits);
    unwrap(grows.receive(fragment(1n, 0, 1, new Uint8Array(60))));

    expect(new Reassembler(limits).receive(huge)).toMatchObject({ error: { code: 'psrp.too-large' } });
    expect(grows.receive(fragment(2n, 0, 1, new Uint8Array(60)))).toMatchObject({
      error: { code: 'psrp.too-large' },
    });
  });
});
