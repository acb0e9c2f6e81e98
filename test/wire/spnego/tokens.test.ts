import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { contextTag, DerTag, encodeOid, writeDer } from '../../../src/wire/bytes/der.ts';
import { decodeInit, encodeInit, encodeMechanismList, isInit } from '../../../src/wire/spnego/init-token.ts';
import { isSameMechanism, Mechanism } from '../../../src/wire/spnego/mechanisms.ts';
import { rawMechanism } from '../../../src/wire/spnego/raw-token.ts';
import { decodeResponse, encodeResponse, isResponse } from '../../../src/wire/spnego/response-token.ts';
import type { NegTokenResponse } from '../../../src/wire/spnego/response-token.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
const malformed = { ok: false, error: { code: 'auth.malformed-token' } };

/** Laid out by hand from RFC 4178 §4.2: NTLM is offered, with five bytes of its token. */
const initBytes = hex(`
  60 25 0606 2b0601050502
    a0 1b 30 19
      a0 0e 30 0c 060a 2b06010401823702020a
      a2 07 0405 0102030405
`);
/** Kerberos was chosen under Windows' name, its token answered and the list protected. */
const responseBytes = hex(`
  a1 23 30 21
    a0 03 0a 01 00
    a1 0b 0609 2a864882f712010202
    a2 05 0403 aabbcc
    a3 06 0404 01020304
`);

const mechanism = fc.constantFrom(...Object.values(Mechanism), '1.2.3', '2.999.70000');
const octets = fc.uint8Array({ maxLength: 300 });

describe('the first token', () => {
  test('is written as RFC 4178 lays it out', () => {
    const token = encodeInit({ mechanisms: [Mechanism.ntlm], token: Uint8Array.of(1, 2, 3, 4, 5) });

    expect(Buffer.from(token).toString('hex')).toBe(Buffer.from(initBytes).toString('hex'));
  });

  test('is read as it was written, and its list byte for byte', () => {
    const mechanisms = fc.array(mechanism, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(mechanisms, fc.option(octets, { nil: undefined }), (offered, token) => {
        const read = unwrap(decodeInit(encodeInit({ mechanisms: offered, token })));

        expect(read).toEqual({ mechanisms: offered, token, mechanismList: encodeMechanismList(offered) });
      }),
    );
  });

  test('may have flags and hints, which are passed over', () => {
    const list = writeDer(contextTag(0), encodeMechanismList([Mechanism.kerberos]));
    const others = [1, 3, 4].map((number) => writeDer(contextTag(number), Uint8Array.of(5, 0)));
    const [flags = list, hints = list, mic = list] = others;
    const inner = writeDer(contextTag(0), writeDer(DerTag.sequence, list, flags, hints, mic));
    const token = writeDer(0x60, writeDer(DerTag.oid, encodeOid('1.3.6.1.5.5.2')), inner);

    expect(unwrap(decodeInit(token))).toMatchObject({ mechanisms: [Mechanism.kerberos], token: undefined });
  });

  test('cut short anywhere is malformed', () => {
    for (let length = 0; length < initBytes.length; length++)
      expect(decodeInit(initBytes.subarray(0, length))).toMatchObject(malformed);
  });

  test.each([
    ['of another mechanism', '6009 0605 2a864886f7 0000'],
    ['without a mechanism', `60 10 0606 2b0601050502 a0 06 30 04 a0 02 30 00`],
    ['without a list', `60 0c 0606 2b0601050502 a0 02 30 00`],
    ['with a list of other things', `60 13 0606 2b0601050502 a0 09 30 07 a0 05 30 03 02 01 01`],
    [
      'whose token is no octets',
      `60 25 0606 2b0601050502 a0 1b 30 19 a0 0e 30 0c 060a 2b06010401823702020a a2 07 0205 0102030405`,
    ],
    [
      'whose fields fall',
      `60 1f 0606 2b0601050502 a0 15 30 13 a2 03 0401 01 a0 0c 30 0a 0608 2b06010401823702`,
    ],
  ])('%s is malformed', (_, bytes) => {
    expect(decodeInit(hex(bytes))).toMatchObject(malformed);
  });

  test('of absurd length is not looked at', () => {
    expect(decodeInit(new Uint8Array(70_000))).toMatchObject(malformed);
    expect(decodeResponse(new Uint8Array(70_000))).toMatchObject(malformed);
  });
});

describe('a later token', () => {
  test('is read as RFC 4178 lays it out', () => {
    expect(unwrap(decodeResponse(responseBytes))).toEqual({
      state: 'accept-completed',
      mechanism: Mechanism.microsoftKerberos,
      token: hex('aabbcc'),
      mic: hex('01020304'),
    });
  });

  test('is read as it was written', () => {
    const response = fc.record(
      {
        state: fc.constantFrom('accept-completed', 'accept-incomplete', 'reject', 'request-mic'),
        mechanism,
        token: octets,
        mic: octets,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(response, (written) => {
        expect(unwrap(decodeResponse(encodeResponse(written as NegTokenResponse)))).toEqual(written);
      }),
    );
  });

  test('cut short anywhere is malformed', () => {
    for (let length = 0; length < responseBytes.length; length++)
      expect(decodeResponse(responseBytes.subarray(0, length))).toMatchObject(malformed);
  });

  test.each([
    ['in a state that there is none of', 'a1 07 30 05 a0 03 0a 01 04'],
    ['in a state of two bytes', 'a1 08 30 06 a0 04 0a 02 00 00'],
    ['with a state that is no number', 'a1 07 30 05 a0 03 04 01 00'],
    ['with a mechanism that is none', 'a1 07 30 05 a1 03 06 01 80'],
    ['with a mechanism of another kind', 'a1 07 30 05 a1 03 04 01 80'],
    ['whose token is no octets', 'a1 07 30 05 a2 03 02 01 00'],
    ['whose MIC is no octets', 'a1 07 30 05 a3 03 02 01 00'],
    ['with a field that there is none of', 'a1 07 30 05 a5 03 04 01 00'],
    ['with a field of the universal class', 'a1 05 30 03 02 01 00'],
  ])('%s is malformed', (_, bytes) => {
    expect(decodeResponse(hex(bytes))).toMatchObject(malformed);
  });
});

test('tokens with changed bytes are read or refused, never thrown over', () => {
  const change = fc.tuple(fc.nat(responseBytes.length - 1), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.boolean(), (changes, isFirst) => {
      const bytes = (isFirst ? initBytes : responseBytes).slice();
      for (const [at, value] of changes) bytes[at % bytes.length] = value;

      const read = isFirst ? decodeInit(bytes) : decodeResponse(bytes);

      expect(read.ok || read.error.code === 'auth.malformed-token').toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('the kind of a token is seen by how it begins', () => {
  const kerberos = writeDer(0x60, writeDer(DerTag.oid, encodeOid(Mechanism.kerberos)), hex('0100'));

  expect([initBytes, responseBytes, kerberos, hex('')].map(isInit)).toEqual([true, false, false, false]);
  expect([initBytes, responseBytes, kerberos, hex('')].map(isResponse)).toEqual([false, true, false, false]);
  expect(rawMechanism(new TextEncoder().encode('NTLMSSP\0…'))).toBe(Mechanism.ntlm);
  expect(rawMechanism(kerberos)).toBe(Mechanism.kerberos);
  for (const other of [initBytes, responseBytes, hex(''), hex('6000'), hex('6003020100')])
    expect(rawMechanism(other)).toBeUndefined();
});

test('Kerberos has two names', () => {
  expect(isSameMechanism(Mechanism.kerberos, Mechanism.microsoftKerberos)).toBe(true);
  expect(isSameMechanism(Mechanism.kerberos, Mechanism.ntlm)).toBe(false);
});
