import { createCipheriv, createDecipheriv, createPublicKey, constants, publicEncrypt } from 'node:crypto';
import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { RsaKeyPair } from '../../core/rsa-key-pair.ts';
import { Secret } from '../../core/secret.ts';
import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { concatBytes } from '../bytes/concat.ts';
import { decodeUtf16le, encodeUtf16le } from '../bytes/utf16.ts';
import type { SecretCipher } from '../clixml/secret-cipher.ts';

/** Bytes of an RSA number of 2048 bits, the only size the protocol knows. */
const rsaBytes = 256;
export const sessionKeyBytes = 32;
/** Random bytes, none of them zero, that PKCS#1 v1.5 puts before a session key. */
export const sessionKeyPaddingBytes = rsaBytes - sessionKeyBytes - 3;
/** Header of a PUBLICKEYBLOB up to the exponent: type, version, RSA key exchange, `RSA1`, 2048 bits. */
const publicKeyHeader = Uint8Array.of(6, 2, 0, 0, 0, 0xa4, 0, 0, 0x52, 0x53, 0x41, 0x31, 0, 8, 0, 0);
/** Header of a SIMPLEBLOB: type, version, AES-256, under an RSA key. */
const sessionKeyHeader = Uint8Array.of(1, 2, 0, 0, 0x10, 0x66, 0, 0, 0, 0xa4, 0, 0);

/**
 * The session key: SecureStrings travel under it as AES-256-CBC of their UTF-16, with a vector of zeros.
 *
 * @see MS-PSRP §2.2.5.1.24 https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-psrp
 */
export class SessionKey implements SecretCipher {
  readonly #key: Uint8Array;

  /** @param key - 32 bytes. */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  encrypt(secret: Secret): string {
    const cipher = createCipheriv('aes-256-cbc', this.#key, zeroVector());
    return encodeBase64(concatBytes(cipher.update(encodeUtf16le(secret.reveal())), cipher.final()));
  }

  decrypt(content: string): Secret | undefined {
    const encrypted = decodeBase64(content);
    if (encrypted === undefined) return undefined;
    const decipher = createDecipheriv('aes-256-cbc', this.#key, zeroVector());
    try {
      return new Secret(decodeUtf16le(concatBytes(decipher.update(encrypted), decipher.final())));
    } catch {
      return undefined;
    }
  }
}

/** From protocol 2.4 on nothing is encrypted here, since only the transport can keep a secret: UTF-16 in base64. */
export const openSecrets: SecretCipher = {
  encrypt: (secret) => encodeBase64(encodeUtf16le(secret.reveal())),
  decrypt(content) {
    const bytes = decodeBase64(content);
    return bytes === undefined ? undefined : new Secret(decodeUtf16le(bytes));
  },
};

const zeroVector = (): Uint8Array => new Uint8Array(16);

/** The half of a key pair that goes to the other side. */
export type PublicKey = Pick<RsaKeyPair, 'modulus' | 'exponent'>;

/** Writes the content of PUBLIC_KEY (MS-PSRP §2.2.2.3): a PUBLICKEYBLOB in base64. */
export function encodePublicKey({ modulus, exponent }: PublicKey): string {
  const littleEndian = (bytes: Uint8Array, size: number): Uint8Array => {
    const padded = new Uint8Array(size);
    padded.set(bytes.toReversed());
    return padded;
  };
  const blob = new ByteWriter().bytes(publicKeyHeader);
  return encodeBase64(blob.bytes(littleEndian(exponent, 4)).bytes(littleEndian(modulus, rsaBytes)).finish());
}

/** Reads the content of PUBLIC_KEY; undefined where it is no RSA key of 2048 bits. */
export function decodePublicKey(text: string): PublicKey | undefined {
  const reader = new ByteReader(decodeBase64(text) ?? new Uint8Array());
  const header = reader.take(publicKeyHeader.length);
  const exponent = reader.take(4).toReversed();
  const modulus = reader.take(rsaBytes).toReversed();
  if (reader.isShort || reader.remaining > 0 || !isSame(header, publicKeyHeader)) return undefined;
  return { modulus, exponent };
}

/**
 * Reads the content of ENCRYPTED_SESSION_KEY (MS-PSRP §2.2.2.4): a SIMPLEBLOB in base64.
 *
 * The padding is looked at as a whole, whatever is wrong with it. Failure: `psrp.malformed`.
 */
export function decryptSessionKey(text: string, keyPair: RsaKeyPair): Result<SessionKey> {
  const blob = decodeBase64(text) ?? new Uint8Array();
  const isBlob =
    blob.length === sessionKeyHeader.length + rsaBytes &&
    isSame(blob.subarray(0, sessionKeyHeader.length), sessionKeyHeader);
  const block = isBlob ? keyPair.decrypt(blob.subarray(sessionKeyHeader.length).toReversed()) : undefined;
  if (block === undefined || !isPadded(block)) {
    return err(failure('psrp.malformed', { reason: 'the session key is not encrypted for our public key' }));
  }
  return ok(new SessionKey(block.slice(rsaBytes - sessionKeyBytes)));
}

/** Whether a block is 00 02, padding without zeros, 00, and then exactly a session key. */
function isPadded(block: Uint8Array): boolean {
  const separator = rsaBytes - sessionKeyBytes - 1;
  let wrong = (block[0] ?? 1) | ((block[1] ?? 0) ^ 2) | (block[separator] ?? 1);
  for (const byte of block.subarray(2, separator)) wrong |= Number(byte === 0);
  return wrong === 0 && block.length === rsaBytes;
}

/**
 * Encrypts a session key for a client: the content of ENCRYPTED_SESSION_KEY.
 *
 * @param padding - `sessionKeyPaddingBytes` random bytes; a zero among them is replaced.
 * @returns undefined where the public key is impossible.
 */
export function encryptSessionKey(
  key: Uint8Array,
  publicKey: PublicKey,
  padding: Uint8Array,
): string | undefined {
  const filler = padding.map((byte) => (byte === 0 ? 0xff : byte));
  const block = concatBytes(Uint8Array.of(0, 2), filler, Uint8Array.of(0), key);
  const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  const jwk = { kty: 'RSA', n: base64url(publicKey.modulus), e: base64url(publicKey.exponent) };
  try {
    const rsa = createPublicKey({ key: jwk, format: 'jwk' });
    const encrypted = publicEncrypt({ key: rsa, padding: constants.RSA_NO_PADDING }, block);
    return encodeBase64(concatBytes(sessionKeyHeader, new Uint8Array(encrypted).toReversed()));
  } catch {
    return undefined;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
