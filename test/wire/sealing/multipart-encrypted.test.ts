import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import {
  decodeSealed,
  encodeSealed,
  isSealedContentType,
  sealedContentType,
} from '../../../src/wire/sealing/multipart-encrypted.ts';

const protocol = 'application/HTTP-SPNEGO-session-encrypted';
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytesOf = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'latin1'));
const sample = encodeSealed(protocol, { header: text('sixteen bytes !!'), body: text('cipher') }, 6);

test('a sealed body is laid out as MS-WSMV §2.2.9.1 shows it', () => {
  expect(latin1(sample)).toBe(
    '--Encrypted Boundary\r\n' +
      '\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n' +
      '\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=6\r\n' +
      '--Encrypted Boundary\r\n' +
      '\tContent-Type: application/octet-stream\r\n' +
      '\x10\0\0\0sixteen bytes !!cipher--Encrypted Boundary--\r\n',
  );
  expect(sealedContentType(protocol)).toBe(
    'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"',
  );
});

describe('a sealed body', () => {
  test('check 4: is split as it was put together, with boundaries and lengths in its ciphertext', () => {
    const trap = fc.constantFrom(
      '--Encrypted Boundary',
      'Length=3\r\n',
      '--Encrypted Boundary--\r\n',
      '\r\n',
    );
    const ciphertext = fc
      .array(fc.oneof(fc.uint8Array(), trap.map(text)))
      .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), ciphertext, (header, body) => {
        const frame = unwrap(decodeSealed(encodeSealed(protocol, { header, body }, body.length)));
        expect(frame).toEqual({ header, body, plainBytes: body.length });
      }),
    );
  });

  test.each([
    [
      'with the space of Exchange',
      latin1(sample).replaceAll('--Encrypted Boundary', '-- Encrypted Boundary'),
    ],
    ['without tabs, as OMI writes it', latin1(sample).replaceAll('\t', '')],
    ['without its last line end', latin1(sample).slice(0, -2)],
    ['under Kerberos', latin1(sample).replace('SPNEGO', 'Kerberos')],
  ])('%s is split', (_, body) => {
    expect(latin1(unwrap(decodeSealed(bytesOf(body))).body)).toBe('cipher');
  });

  test('cut short anywhere is malformed', () => {
    for (let length = 0; length < sample.length - 2; length++)
      expect(decodeSealed(sample.subarray(0, length))).toMatchObject({
        ok: false,
        error: { code: 'auth.malformed-sealing' },
      });
  });

  test.each([
    ['a Length that is too small', latin1(sample).replace('Length=6', 'Length=5'), /closing boundary/],
    ['a Length that is too large', latin1(sample).replace('Length=6', 'Length=9999999999'), /shorter/],
    ['no Length', latin1(sample).replace('Length=6', 'Size=6'), /text part/],
    ['a long signature', latin1(sample).replace('\x10\0\0\0', '\x10\x10\0\0'), /shorter/],
    ['something behind it', `${latin1(sample)}more`, /closing boundary/],
    ['a SOAP message', '<s:Envelope/>', /text part/],
  ])('with %s is malformed', (_, body, reason) => {
    const result = decodeSealed(bytesOf(body));

    expect(result).toMatchObject({ ok: false, error: { code: 'auth.malformed-sealing' } });
    expect(result.ok ? '' : result.error.message).toMatch(reason);
  });

  test('with changed bytes is split or refused, never thrown over', () => {
    fc.assert(
      fc.property(fc.nat({ max: sample.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const body = sample.slice();
        body[at] = value;
        const result = decodeSealed(body);
        if (!result.ok) expect(result.error.code).toBe('auth.malformed-sealing');
      }),
    );
  });
});

test.each([
  [sealedContentType(protocol), true],
  ['Multipart/Encrypted', true],
  ['multipart/encrypted-not', false],
  ['application/soap+xml;charset=UTF-8', false],
  [undefined, false],
])('Content-Type %s: sealed %s', (contentType, sealed) => {
  expect(isSealedContentType(contentType)).toBe(sealed);
});
