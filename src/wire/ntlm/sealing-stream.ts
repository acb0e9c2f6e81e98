import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { hasFlag } from './flags.ts';
import { hmacMd5 } from './md5.ts';
import { Rc4 } from './rc4.ts';
import { sealingKey, signingKey } from './session-keys.ts';
import type { Direction } from './session-keys.ts';

/** Length of NTLMSSP_MESSAGE_SIGNATURE: version, checksum, sequence number. */
export const signatureBytes = 16;

/**
 * One direction of a sealed connection: key stream, signing key and sequence number, which run on together.
 *
 * @see MS-NLMP §3.4.3 and §3.4.4.2
 */
export class SealingStream {
  readonly #sealingKey: Uint8Array;
  #cipher: Rc4;
  readonly #signingKey: KeyObject;
  readonly #encryptsChecksum: boolean;
  #sequence = 0;

  constructor(flags: number, exportedSessionKey: Uint8Array, direction: Direction) {
    this.#sealingKey = sealingKey(flags, exportedSessionKey, direction);
    this.#cipher = new Rc4(this.#sealingKey);
    this.#signingKey = createSecretKey(signingKey(exportedSessionKey, direction));
    this.#encryptsChecksum = hasFlag(flags, 'keyExchange');
  }

  /** Enciphers or deciphers the next message. Followed by exactly one `sign` of its plain text. */
  apply(message: Uint8Array): Uint8Array {
    return this.#cipher.apply(message);
  }

  /** The signature of the message that `apply` just took: the message comes first on the key stream. */
  sign(plain: Uint8Array): Uint8Array {
    const sequence = new ByteWriter().u32le(this.#sequence).finish();
    const checksum = hmacMd5(this.#signingKey, sequence, plain).subarray(0, 8);
    const shown = this.#encryptsChecksum ? this.#cipher.apply(checksum) : checksum;
    this.#sequence = (this.#sequence + 1) >>> 0;
    return new ByteWriter().u32le(1).bytes(shown).bytes(sequence).finish();
  }
  /**
   * Begins the key stream anew, as both sides do behind the MIC of SPNEGO's list; the sequence number goes on.
   *
   * @see MS-SPNG §3.3.5.1
   */
  restartCipher(): void {
    this.#cipher = new Rc4(this.#sealingKey);
  }
}
