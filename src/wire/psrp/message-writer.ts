import { failure } from '../../core/failure.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { SecretCipher } from '../clixml/secret-cipher.ts';
import { splitMessage } from './fragment.ts';
import { encodeMessage } from './message.ts';
import type { MessageType, PsrpMessage } from './message.ts';

/**
 * Largest message to write: PowerShell closes the session when an object is larger than 10 MB, so it must not be sent
 * (`PSMaximumReceivedObjectSize`).
 */
const maxObjectBytes = 10 * 1024 * 1024;

/** Writes one side's messages as fragments and numbers them. */
export class MessageWriter {
  readonly #destination: PsrpMessage['destination'];
  #lastObjectId = 0n;
  poolId: string;
  maxFragmentBytes: number;
  /** The session's key, once there is one. */
  cipher: SecretCipher | undefined;

  constructor(destination: PsrpMessage['destination'], poolId: string, maxFragmentBytes: number) {
    this.#destination = destination;
    this.poolId = poolId;
    this.maxFragmentBytes = maxFragmentBytes;
  }

  /** Failures: `psrp.object-too-large`, `psrp.fragment-size`, `psrp.no-session-key`, `clixml.too-deep`. */
  write(type: MessageType, pipelineId: string, body: PsValue | undefined): Result<readonly Uint8Array[]> {
    const { poolId } = this;
    const encoded = encodeMessage(
      { destination: this.#destination, type, poolId, pipelineId, body },
      this.cipher,
    );
    if (!encoded.ok) return encoded;
    const message = encoded.value;
    if (message.length > maxObjectBytes) {
      return err(failure('psrp.object-too-large', { bytes: message.length, maxBytes: maxObjectBytes }));
    }
    this.#lastObjectId += 1n;
    return splitMessage(this.#lastObjectId, message, this.maxFragmentBytes);
  }
}
