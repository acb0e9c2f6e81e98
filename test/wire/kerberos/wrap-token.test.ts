import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { ByteReader } from '../../../src/wire/bytes/byte-reader.ts';
import { ByteWriter } from '../../../src/wire/bytes/byte-writer.ts';
import { concatBytes } from '../../../src/wire/bytes/concat.ts';
import { joinWrapToken, splitWrapToken } from '../../../src/wire/kerberos/wrap-token.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));

interface TokenParts {
  readonly plain: Uint8Array;
  /** Bytes of the checksum: 12 with SHA-1, 16 or 24 with SHA-2. */
  readonly checksum?: number;
  readonly rotation?: number;
  readonly padding?: number;
  readonly flags?: number;
}

/** A token as GSSAPI writes it, with recognisable bytes in place of the ciphertext: C…, plain text, H…, M…. */
function token({ plain, checksum = 12, rotation = 0, padding = 0, flags = 0x02 }: TokenParts): Uint8Array {
  const fill = (letter: string, count: number): Uint8Array =>
    new Uint8Array(count).fill(letter.charCodeAt(0));
  const inner = concatBytes(fill('C', 16), plain, fill('P', padding), fill('H', 16), fill('M', checksum));
  const cut = inner.length - (rotation % inner.length);
  const header = new ByteWriter().u16be(0x0504).u8(flags).u8(0xff).u16be(padding).u16be(rotation);
  return concatBytes(header.u64be(7n).finish(), inner.subarray(cut), inner.subarray(0, cut));
}

describe('a sealed message on its way to WinRM', () => {
  test.each([
    ['AES with SHA-1', 12, 60],
    ['AES-128 with SHA-256', 16, 64],
    ['AES-256 with SHA-384', 24, 72],
  ])('%s: all that is not message goes to the front', (_, checksum, headerBytes) => {
    const plain = new TextEncoder().encode('message');

    const sealed = unwrap(splitWrapToken(token({ plain, checksum }), plain.length));

    expect(sealed.header).toHaveLength(headerBytes);
    expect(sealed.body).toEqual(plain);
    const text = Buffer.from(sealed.header.subarray(16)).toString();
    expect(text).toBe('H'.repeat(16) + 'M'.repeat(checksum) + 'C'.repeat(16));
    expect(new ByteReader(sealed.header, 6).u16be()).toBe(16 + checksum);
  });

  test('keeps flags and sequence number of its header', () => {
    const { header } = unwrap(splitWrapToken(token({ plain: hex(''), flags: 0x07 }), 0));

    expect(Buffer.from(header.subarray(0, 16)).toString('hex')).toBe('050407ff0000001c0000000000000007');
  });

  test('is the same however far the library had turned it already', () => {
    const message = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(message, fc.nat(65_535), fc.constantFrom(12, 16, 24), (plain, rotation, checksum) => {
        const turned = splitWrapToken(token({ plain, checksum, rotation }), plain.length);

        expect(unwrap(turned)).toEqual(unwrap(splitWrapToken(token({ plain, checksum }), plain.length)));
      }),
    );
  });

  test.each([
    ['a token of RC4 (RFC 4757)', hex('60 2b 0609 2a864886f712010202 0201 1100 1000 ffff'), 0],
    ['a token that is only signed', token({ plain: hex('01'), flags: 0 }), 1],
    ['a token with another filler', token({ plain: hex('01') }).with(3, 0), 1],
    ['a token that is cut in its header', token({ plain: hex('') }).subarray(0, 15), 0],
    ['padding', token({ plain: hex('01'), padding: 3 }), 1],
    ['a checksum that is too short', token({ plain: hex('01'), checksum: 11 }), 1],
    ['a message that was longer', token({ plain: hex('01'), checksum: 40 }), 1],
  ])('%s is nothing that WinRM could carry', (_, bytes, plainBytes) => {
    expect(splitWrapToken(bytes, plainBytes)).toMatchObject({
      ok: false,
      error: { code: 'auth.kerberos-encryption' },
    });
  });
});

describe('a sealed message that comes from WinRM', () => {
  test('is put together as the library wrote it', () => {
    const message = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(message, fc.constantFrom(12, 16, 24), (plain, checksum) => {
        const written = token({ plain, checksum });
        const { header, body } = unwrap(splitWrapToken(written, plain.length));

        expect(unwrap(joinWrapToken(header, body))).toEqual(written);
      }),
    );
  });

  test.each([
    ['no header', hex(''), hex('0102')],
    ['a header of NTLM', hex('01000000 0102030405060708 00000000'), hex('0102')],
    ['a header that is too short', token({ plain: hex('') }).subarray(0, 59), hex('01')],
    ['a header that is too long', token({ plain: new Uint8Array(60) }), hex('01')],
    ['a header of a signed message', token({ plain: hex(''), flags: 0x01 }), hex('01')],
  ])('with %s is refused before any library sees it', (_, header, body) => {
    expect(joinWrapToken(header, body)).toMatchObject({ ok: false, error: { code: 'auth.bad-seal' } });
  });

  test('of any bytes is put together or refused, never thrown over', () => {
    const start = fc.constantFrom(hex(''), hex('0504'), hex('050402ff0000001c'), hex('050402ffffffffff'));
    const rest = fc.uint8Array({ maxLength: 120 });
    fc.assert(
      fc.property(start, rest, rest, (begin, header, body) => {
        const joined = joinWrapToken(concatBytes(begin, header), body);

        if (joined.ok) expect(joined.value).toHaveLength(begin.length + header.length + body.length);
        else expect(joined.error.code).toBe('auth.bad-seal');
      }),
      { numRuns: 1000 },
    );
  });
});
