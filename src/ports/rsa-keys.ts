import type { RsaKeyPair } from '../core/rsa-key-pair.ts';

/** Makes RSA keys: chance and time, so a port. */
export interface RsaKeys {
  /** A new key pair of 2048 bits; takes some 100 ms, off the main thread. */
  generate(): Promise<RsaKeyPair>;
}
