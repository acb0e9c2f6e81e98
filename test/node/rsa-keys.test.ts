import { describe, expect, test } from 'vitest';
import { nodeRsaKeys } from '../../src/node/rsa-keys.ts';

describe('an RSA key pair', () => {
  test('shows 2048 bits of modulus, and another one each time', async () => {
    const [one, other] = [await nodeRsaKeys.generate(), await nodeRsaKeys.generate()];

    expect(one.modulus).toHaveLength(256);
    expect(one.exponent).toEqual(Uint8Array.of(1, 0, 1));
    expect(one.modulus).not.toEqual(other.modulus);
  });

  test('decrypts only numbers of its own size below its modulus', async () => {
    const keyPair = await nodeRsaKeys.generate();

    expect(keyPair.decrypt(new Uint8Array(3))).toBeUndefined();
    expect(keyPair.decrypt(new Uint8Array(256).fill(0xff))).toBeUndefined();
    expect(keyPair.decrypt(new Uint8Array(256))).toEqual(new Uint8Array(256));
  });
});
