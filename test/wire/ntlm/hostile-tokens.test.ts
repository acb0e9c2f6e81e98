import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import type { Result } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { instant } from '../../../src/core/time.ts';
import { NtlmAcceptor } from '../../../src/wire/ntlm/acceptor.ts';
import { decodeAuthenticate } from '../../../src/wire/ntlm/authenticate-message.ts';
import { decodeChallenge } from '../../../src/wire/ntlm/challenge-message.ts';
import { NtlmInitiator } from '../../../src/wire/ntlm/initiator.ts';
import { decodeNegotiate } from '../../../src/wire/ntlm/negotiate-message.ts';
import { hex, vectors } from './vectors.ts';

const options = { random: (count: number) => new Uint8Array(count), now: instant(0) };
const initiator = (): NtlmInitiator =>
  new NtlmInitiator({ user: 'u', domain: '', password: new Secret('p'), ...options });
const acceptor = (): NtlmAcceptor =>
  new NtlmAcceptor({ targetName: 'T', computerName: 'C', lookup: () => new Secret('p'), ...options });
/** A NEGOTIATE of Windows 10.0.17763 (SSPI). */
const windowsNegotiate = hex(
  '4e544c4d5353500001000000b78208e2000000000000000000000000000000000a0063450000000f',
);

const decoders: readonly [string, (bytes: Uint8Array) => Result<unknown>, Uint8Array, number][] = [
  ['NEGOTIATE', decodeNegotiate, windowsNegotiate, 16],
  ['CHALLENGE', decodeChallenge, hex(vectors.challenge), vectors.challenge.length / 2],
  ['AUTHENTICATE', decodeAuthenticate, hex(vectors.authenticate), vectors.authenticate.length / 2],
];

test.each(decoders)(
  '%s is read whole, and cut short anywhere is a malformed token',
  (_, decode, whole, needed) => {
    expect(decode(whole).ok).toBe(true);
    for (let length = 0; length < needed; length++)
      expect(decode(whole.subarray(0, length))).toMatchObject({
        ok: false,
        error: { code: 'auth.malformed-token' },
      });
  },
);

test.each(decoders)('%s with changed bytes is read or refused, never thrown over', (_, decode, whole) => {
  const change = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
      const token = whole.slice();
      for (const [at, value] of changes) token[at] = value;
      const result = decode(token);
      if (!result.ok) expect(result.error.code).toMatch(/^auth\./);
    }),
    { numRuns: 500 },
  );
});

test('both roles refuse any other bytes with a typed failure', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      const signed = Uint8Array.from([...windowsNegotiate.subarray(0, 8), ...noise]);
      for (const token of [noise, signed]) {
        const server = acceptor();
        unwrap(server.challenge(windowsNegotiate));
        for (const result of [
          initiator().authenticate(token),
          acceptor().challenge(token),
          server.accept(token),
        ])
          if (!result.ok) expect(result.error.code).toMatch(/^auth\./);
      }
    }),
  );
});

const with32 = (token: Uint8Array, offset: number, value: number): Uint8Array => {
  const copy = token.slice();
  new DataView(copy.buffer).setUint32(offset, value, true);
  return copy;
};

test.each([
  ['of another type', () => decodeChallenge(windowsNegotiate), /type 1/],
  ['of 64 KiB and more', () => decodeChallenge(new Uint8Array(65_537)), /65537 bytes/],
  ['whose name lies outside', () => decodeChallenge(with32(hex(vectors.challenge), 16, 5000)), /outside/],
  ['whose name overlaps the header', () => decodeChallenge(with32(hex(vectors.challenge), 16, 4)), /outside/],
  ['without target information', () => decodeChallenge(with32(hex(vectors.challenge), 20, 1)), /NTLMv2/],
  ['without a character set', () => decodeNegotiate(with32(windowsNegotiate, 12, 0)), /character set/],
  [
    'whose domain lies outside',
    () => decodeNegotiate(with32(with32(windowsNegotiate, 12, 0x1001), 16, 0xffff)),
    /outside/,
  ],
  [
    'that ends before its name fields',
    () => decodeNegotiate(with32(windowsNegotiate, 12, 0x1001).subarray(0, 20)),
    /short/,
  ],
  [
    'whose target information never ends',
    () => decodeChallenge(with32(hex(vectors.challenge), 100, 1)),
    /end of list/,
  ],
])('a token %s says so', (_, decode, reason) => {
  const result: Result<unknown> = decode();

  expect(result).toMatchObject({
    ok: false,
    error: { code: 'auth.malformed-token', message: expect.stringMatching(reason) as string },
  });
});

test('an AUTHENTICATE without an NTLMv2 response or with an odd session key is malformed', () => {
  const server = acceptor();
  unwrap(server.challenge(windowsNegotiate));

  const accepted = server.accept(with32(hex(vectors.authenticate), 20, 0));

  expect(accepted).toMatchObject({ ok: false, error: { code: 'auth.malformed-token' } });
});

test('a challenge whose time has not 8 bytes is malformed', () => {
  const token = hex(vectors.challenge);
  token[68] = 7;

  expect(initiator().authenticate(token)).toMatchObject({
    ok: false,
    error: { code: 'auth.malformed-token', details: { reason: 'its time has not 8 bytes' } },
  });
});
