import { constants, createPrivateKey, generateKeyPair, privateDecrypt } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { RsaKeyPair } from '../core/rsa-key-pair.ts';
import type { RsaKeys } from '../ports/rsa-keys.ts';

const generate = promisify(generateKeyPair);

/** RSA keys of Node's OpenSSL. */
export const nodeRsaKeys: RsaKeys = {
  async generate() {
    const { privateKey } = await generate('rsa', { modulusLength: 2048 });
    return rsaKeyPair(privateKey);
  },
};

/** A key pair that is known beforehand, as a JSON Web Key: for recordings and tests. */
export function rsaKeyPairOfJwk(key: JsonWebKey): RsaKeyPair {
  return rsaKeyPair(createPrivateKey({ key, format: 'jwk' }));
}

function rsaKeyPair(key: KeyObject): RsaKeyPair {
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  const modulus = new Uint8Array(Buffer.from(n, 'base64url'));
  return {
    modulus,
    exponent: new Uint8Array(Buffer.from(e, 'base64url')),
    decrypt(ciphertext) {
      if (ciphertext.length !== modulus.length) return undefined;
      try {
        // OpenSSL refuses to remove PKCS#1 v1.5 padding with a private key, so it is asked for the bare number.
        const plain = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, ciphertext);
        return new Uint8Array(plain);
      } catch {
        return undefined;
      }
    },
  };
}
