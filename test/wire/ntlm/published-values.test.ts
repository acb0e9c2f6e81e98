import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { instant } from '../../../src/core/time.ts';
import { encodeUtf16le } from '../../../src/wire/bytes/utf16.ts';
import { decodeAuthenticate, encodeAuthenticate } from '../../../src/wire/ntlm/authenticate-message.ts';
import { decodeAvPairs, encodeAvPairs } from '../../../src/wire/ntlm/av-pairs.ts';
import { decodeChallenge, encodeChallenge } from '../../../src/wire/ntlm/challenge-message.ts';
import { flagField, NtlmFlag } from '../../../src/wire/ntlm/flags.ts';
import { NtlmInitiator } from '../../../src/wire/ntlm/initiator.ts';
import { md4 } from '../../../src/wire/ntlm/md4.ts';
import { NtlmContext } from '../../../src/wire/ntlm/ntlm-context.ts';
import { ntlmv2Response, ntowfv2 } from '../../../src/wire/ntlm/ntlmv2.ts';
import { rc4 } from '../../../src/wire/ntlm/rc4.ts';
import { sealingKey, signingKey } from '../../../src/wire/ntlm/session-keys.ts';
import { hex, md4Vectors, toHex, vectors } from './vectors.ts';

describe('check 2: MS-NLMP §4.2.4', () => {
  test('the NT hash is MD4 of the UTF-16 password', () => {
    expect(toHex(md4(encodeUtf16le(vectors.password)))).toBe(vectors.ntHash);
  });

  test('NTOWFv2 takes the user in upper case and the domain as given', () => {
    const key = ntowfv2(new Secret(vectors.password), vectors.user, vectors.domain);

    expect(toHex(key)).toBe(vectors.ntowfv2);
  });

  test('both responses and the session base key are the published ones', () => {
    const response = ntlmv2Response({
      responseKey: hex(vectors.ntowfv2),
      serverChallenge: vectors.serverChallenge,
      clientChallenge: vectors.clientChallenge,
      time: vectors.time,
      targetInfo: vectors.targetInfo,
    });

    expect(toHex(response.ntResponse)).toBe(vectors.ntProof + vectors.temp);
    expect(toHex(response.lmResponse)).toBe(vectors.lmResponse);
    expect(toHex(response.sessionBaseKey)).toBe(vectors.sessionBaseKey);
  });

  test('the session key travels under RC4 of the session base key', () => {
    expect(toHex(rc4(hex(vectors.sessionBaseKey), vectors.sessionKey))).toBe(vectors.encryptedSessionKey);
  });

  test('the CHALLENGE message is read and written byte by byte', () => {
    const message = unwrap(decodeChallenge(hex(vectors.challenge)));

    expect(message).toMatchObject({ targetName: 'Server', flags: vectors.challengeFlags });
    expect(toHex(message.serverChallenge)).toBe(toHex(vectors.serverChallenge));
    expect(toHex(encodeAvPairs(message.targetInfo))).toBe(toHex(vectors.targetInfo));
    expect(toHex(encodeChallenge({ ...message, version: vectors.challengeVersion }))).toBe(vectors.challenge);
  });

  test('the AUTHENTICATE message is read and written byte by byte', () => {
    const message = unwrap(decodeAuthenticate(hex(vectors.authenticate)));

    expect(message).toMatchObject({
      flags: vectors.authenticateFlags,
      domain: 'Domain',
      user: 'User',
      workstation: 'COMPUTER',
      hasMic: false,
    });
    expect(toHex(message.encryptedSessionKey)).toBe(vectors.encryptedSessionKey);
    expect(toHex(encodeAuthenticate({ ...message, version: vectors.authenticateVersion }))).toBe(
      vectors.authenticate,
    );
  });

  test('the initiator answers the published challenge with the published responses', () => {
    const random = [vectors.clientChallenge, vectors.sessionKey];
    const initiator = new NtlmInitiator({
      user: vectors.user,
      domain: vectors.domain,
      password: new Secret(vectors.password),
      workstation: vectors.workstation,
      random: () => random.shift() ?? new Uint8Array(0),
      now: instant(-11_644_473_600_000),
    });

    const { token, context } = unwrap(initiator.authenticate(hex(vectors.challenge)));
    const message = unwrap(decodeAuthenticate(token));
    const sealed = unwrap(context.seal(vectors.plaintext));

    expect(toHex(message.ntResponse)).toBe(vectors.ntProof + vectors.temp);
    expect(toHex(message.lmResponse)).toBe(vectors.lmResponse);
    expect(toHex(message.encryptedSessionKey)).toBe(vectors.encryptedSessionKey);
    expect([toHex(sealed.body), toHex(sealed.header)]).toEqual([vectors.sealed, vectors.signature]);
  });

  test('a message is sealed first and signed on the same key stream', () => {
    const context = new NtlmContext('initiator', vectors.challengeFlags, vectors.sessionKey);

    const sealed = unwrap(context.seal(vectors.plaintext));

    expect([toHex(sealed.body), toHex(sealed.header)]).toEqual([vectors.sealed, vectors.signature]);
  });

  test('without key exchange the checksum stays in clear text', () => {
    const flags = (vectors.challengeFlags & ~NtlmFlag.keyExchange) >>> 0;
    const context = new NtlmContext('initiator', flags, vectors.sessionKey);

    expect(toHex(unwrap(context.seal(vectors.plaintext)).header)).toBe(vectors.signatureWithoutKeyExchange);
  });

  test('signing and sealing keys are the published ones', () => {
    const { challengeFlags: flags, sessionKey } = vectors;

    expect(toHex(sealingKey(flags, sessionKey, 'client-to-server'))).toBe(vectors.clientSealingKey);
    expect(toHex(signingKey(sessionKey, 'client-to-server'))).toBe(vectors.clientSigningKey);
  });
});

// Not in the document: computed from its values by other implementations, which agree.
describe('beyond the document', () => {
  test.each([
    ['128 bits', flagField('strength128', 'strength56'), vectors.clientSealingKey],
    ['56 bits', flagField('strength56'), 'a5f7253c1065e8d3d68642040e71cfe0'],
    ['40 bits', 0, '42f964a471091a02ff4a77455366e4e5'],
  ])('the sealing key has %s where the flags say so', (_, flags, expected) => {
    expect(toHex(sealingKey(flags, vectors.sessionKey, 'client-to-server'))).toBe(expected);
  });

  test('the second message goes on with the key stream and the sequence number', () => {
    const context = new NtlmContext('initiator', vectors.challengeFlags, vectors.sessionKey);

    unwrap(context.seal(vectors.plaintext));
    const second = unwrap(context.seal(vectors.plaintext));

    expect(toHex(second.body)).toBe('64c308e09ea236e7f4232553c94a01e700fa');
    expect(toHex(second.header)).toBe('01000000255405955d31d8c401000000');
  });

  test('the server seals with keys of its own', () => {
    const context = new NtlmContext('acceptor', vectors.challengeFlags, vectors.sessionKey);

    const sealed = unwrap(context.seal(vectors.plaintext));

    expect(toHex(sealed.body)).toBe('160871b730ba74e946c453d7465b54278dd0');
    expect(toHex(sealed.header)).toBe('01000000b298b847ce7c580700000000');
  });
});

describe('RFC 1320 §A.5', () => {
  test.each(md4Vectors)('MD4 of "%s"', (text, digest) => {
    expect(toHex(md4(new TextEncoder().encode(text)))).toBe(digest);
  });

  test('AV pairs survive reading and writing', () => {
    const pairs = unwrap(decodeAvPairs(vectors.targetInfo, 'test'));

    expect(pairs.map((pair) => pair.id)).toEqual([2, 1]);
  });
});
