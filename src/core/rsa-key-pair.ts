/**
 * An RSA key pair of which only the public half can be looked at.
 *
 * PSRP exchanges a session key with one (2048 bits); it lives as long as its runspace pool.
 */
export interface RsaKeyPair {
  /** Big-endian, without leading zeros. */
  readonly modulus: Uint8Array;
  /** Big-endian, without leading zeros. */
  readonly exponent: Uint8Array;
  /**
   * The bare RSA operation with the private key; padding is the caller's business.
   *
   * @param ciphertext - Big-endian, as long as the modulus.
   * @returns As many bytes; undefined where the ciphertext has another length or is no number below the modulus.
   */
  decrypt(ciphertext: Uint8Array): Uint8Array | undefined;
}
