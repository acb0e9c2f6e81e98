import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import type { RsaKeyPair } from '../../../src/core/rsa-key-pair.ts';
import { Secret } from '../../../src/core/secret.ts';
import { nodeRsaKeys, rsaKeyPairOfJwk } from '../../../src/node/rsa-keys.ts';
import { decodeBase64, encodeBase64 } from '../../../src/wire/bytes/base64.ts';
import {
  decodePublicKey,
  decryptSessionKey,
  encodePublicKey,
  encryptSessionKey,
  SessionKey,
  sessionKeyPaddingBytes,
} from '../../../src/wire/psrp/session-key.ts';
import { isMissing, sharedPath } from '../../support/shared.ts';
import { testKeyPair } from './roles.ts';

const path = 'fixtures/winrm-exchanges/psrp-test-rsa-key.json';

interface KeyFixture {
  readonly jwk: Readonly<Record<string, string>>;
  readonly psrpPublicKeyBase64: string;
  readonly encryptedSessionKeys: readonly {
    readonly encryptedSessionKeyBase64: string;
    readonly sessionKeyHex: string;
  }[];
}

const key = Uint8Array.from({ length: 32 }, (_, index) => index);
const padding = new Uint8Array(sessionKeyPaddingBytes).fill(7);

describe.skipIf(isMissing(path))('the session keys that Windows sent', () => {
  const fixture = isMissing(path)
    ? { jwk: {}, psrpPublicKeyBase64: '', encryptedSessionKeys: [] }
    : (JSON.parse(readFileSync(sharedPath(path), 'utf8')) as KeyFixture);

  test('our public key is written as the recorded client wrote it', () => {
    const keyPair = rsaKeyPairOfJwk(fixture.jwk);

    expect(encodePublicKey(keyPair)).toBe(fixture.psrpPublicKeyBase64);
    expect(decodePublicKey(fixture.psrpPublicKeyBase64)).toMatchObject({ modulus: keyPair.modulus });
  });

  test('the session keys come out', () => {
    const keyPair = rsaKeyPairOfJwk(fixture.jwk);

    for (const { encryptedSessionKeyBase64, sessionKeyHex } of fixture.encryptedSessionKeys) {
      const received = unwrap(decryptSessionKey(encryptedSessionKeyBase64, keyPair));
      const same = new SessionKey(new Uint8Array(Buffer.from(sessionKeyHex, 'hex')));

      expect(same.decrypt(received.encrypt(new Secret('ü😀')))?.reveal()).toBe('ü😀');
    }
    expect(fixture.encryptedSessionKeys).toHaveLength(2);
  });
});

describe('a session key', () => {
  test('goes from one side to the other under the public key, whatever fills the padding', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: sessionKeyPaddingBytes, maxLength: sessionKeyPaddingBytes }),
        fc.string({ unit: 'binary' }),
        (sent, filler, text) => {
          const publicKey = decodePublicKey(encodePublicKey(testKeyPair));
          const encrypted = encryptSessionKey(sent, publicKey ?? testKeyPair, filler) ?? '';

          const received = unwrap(decryptSessionKey(encrypted, testKeyPair));

          expect(new SessionKey(sent).decrypt(received.encrypt(new Secret(text)))?.reveal()).toBe(text);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('of another key pair, or none at all, is refused', async () => {
    const other = await nodeRsaKeys.generate();
    const encrypted = encryptSessionKey(key, testKeyPair, padding) ?? '';

    for (const content of [encrypted, '', '%', encodeBase64(new Uint8Array(268))]) {
      expect(decryptSessionKey(content, other)).toMatchObject({ error: { code: 'psrp.malformed' } });
    }
  });

  test('is refused at every single byte of the padding that is wrong', () => {
    const block = new Uint8Array(256).fill(1);
    block.set([0, 2]);
    block[256 - 33] = 0;
    const says = (bytes: Uint8Array): RsaKeyPair => ({ ...testKeyPair, decrypt: () => bytes });
    const content = encryptSessionKey(key, testKeyPair, padding) ?? '';
    expect(decryptSessionKey(content, says(block)).ok).toBe(true);

    for (let at = 0; at <= 256 - 33; at += 1) {
      const isFiller = at >= 2 && at < 256 - 33;
      expect(decryptSessionKey(content, says(block.with(at, isFiller ? 0 : 9))).ok, `byte ${at}`).toBe(false);
    }
    expect(decryptSessionKey(content, says(block.subarray(0, 255))).ok).toBe(false);
    expect(decryptSessionKey(content, says(new Uint8Array())).ok).toBe(false);
  });

  test('opens nothing that was encrypted otherwise', () => {
    const other = new SessionKey(key.toReversed());
    const sent = new SessionKey(key).encrypt(new Secret('secret'));

    expect(other.decrypt(sent)?.reveal()).not.toBe('secret');
    expect(new SessionKey(key).decrypt('QQ==')).toBeUndefined();
    expect(new SessionKey(key).decrypt('%')).toBeUndefined();
  });

  test('cannot be sent under a public key that is none', () => {
    expect(decodePublicKey('QQ==')).toBeUndefined();
    expect(decodePublicKey('%')).toBeUndefined();
    const blob = decodeBase64(encodePublicKey(testKeyPair)) ?? new Uint8Array();
    expect(decodePublicKey(encodeBase64(blob.with(0, 1)))).toBeUndefined();
    expect(decodePublicKey(encodeBase64(new Uint8Array([...blob, 0])))).toBeUndefined();
    const empty = { modulus: new Uint8Array(256), exponent: new Uint8Array(4) };
    expect(encryptSessionKey(key, empty, padding)).toBeUndefined();
  });
});
