import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatInstant } from '../../../src/core/time.ts';
import { applicationTag, contextTag, DerTag, encodeOid, writeDer } from '../../../src/wire/bytes/der.ts';
import { decodeKrbError } from '../../../src/wire/kerberos/krb-error.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const kerberos = writeDer(DerTag.oid, encodeOid('1.2.840.113554.1.2.2'));
const errorId = Uint8Array.of(3, 0);

interface Parts {
  readonly time?: string;
  readonly code?: readonly number[];
  readonly text?: string;
  readonly tag?: number;
  readonly id?: Uint8Array;
}

/** A token of a GSSAPI acceptor with a KRB-ERROR in it, with some of the fields that RFC 4120 §5.9.1 names. */
function krbError(parts: Parts = {}): Uint8Array {
  const { time = '20261124210000Z', code = [37], text, tag = applicationTag(30), id = errorId } = parts;
  const field = (number: number, type: number, content: Uint8Array): Uint8Array =>
    writeDer(contextTag(number), writeDer(type, content));
  const fields = [
    field(0, DerTag.integer, Uint8Array.of(5)),
    field(1, DerTag.integer, Uint8Array.of(30)),
    field(4, DerTag.generalizedTime, bytes(time)),
    field(5, DerTag.integer, Uint8Array.of(0)),
    field(6, DerTag.integer, Uint8Array.from(code)),
    field(9, DerTag.generalString, bytes('COUNTERSIGN.TEST')),
    ...(text === undefined ? [] : [field(11, DerTag.generalString, bytes(text))]),
  ];
  return writeDer(applicationTag(0), kerberos, id, writeDer(tag, writeDer(DerTag.sequence, ...fields)));
}

test('an error tells its code, the time there, and words where it has any', () => {
  const [plain, worded] = [
    decodeKrbError(krbError()),
    decodeKrbError(krbError({ text: 'no', code: [1, 2] })),
  ];

  expect(plain).toMatchObject({ code: 37, text: undefined });
  expect(plain && formatInstant(plain.serverTime)).toBe('2026-11-24T21:00:00Z');
  expect(worded).toMatchObject({ code: 258, text: 'no' });
});

test.each([
  ['a ticket that was taken', krbError({ id: Uint8Array.of(2, 0) })],
  ['another message', krbError({ tag: applicationTag(15) })],
  ['a time that is none', krbError({ time: '2026112421000' })],
  ['a day that there is none of', krbError({ time: '20261399210000Z' })],
  ['a code that is too large', krbError({ code: [1, 2, 3] })],
  ['no code', krbError({ code: [] })],
  ['a token without a mechanism', writeDer(applicationTag(0), errorId)],
  ['a token that ends behind its mechanism', writeDer(applicationTag(0), kerberos)],
  ['nothing', bytes('')],
])('%s is no error', (_, token) => {
  expect(decodeKrbError(token)).toBeUndefined();
});

test('cut short or with changed bytes it is read or not, never thrown over', () => {
  const whole = krbError({ text: 'clock skew too great' });
  for (let length = 0; length < whole.length; length++)
    expect(decodeKrbError(whole.subarray(0, length))).toBeUndefined();
  const change = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const token = whole.slice();
      for (const [at, value] of changes) token[at] = value;
      expect(decodeKrbError(token)?.code ?? 0).toBeLessThan(65_536);
    }),
    { numRuns: 1000 },
  );
});
