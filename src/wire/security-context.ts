import type { Result } from '../core/result.ts';

/** One sealed message: what the receiver checks, and the ciphertext. */
export interface SealedMessage {
  /** Signature token; 16 bytes for NTLM. */
  readonly header: Uint8Array;
  /** Ciphertext; as long as the plain text for NTLM. */
  readonly body: Uint8Array;
}

/**
 * Seals and opens the messages of one authenticated connection.
 *
 * Both directions count their messages, so each message is sealed and opened exactly once and in order; a context
 * never outlives its socket, and a sealed message is never sent twice.
 */
export interface SecurityContext {
  /** The `protocol` parameter of multipart/encrypted, such as `application/HTTP-SPNEGO-session-encrypted`. */
  readonly protocol: string;
  /** Failure `auth.not-sealed` where the system's library does it and refuses; our own never does. */
  seal(plain: Uint8Array): Result<SealedMessage>;
  /** Failure `auth.bad-seal` for a changed, repeated, lost or reordered message; the context is void afterwards. */
  unseal(header: Uint8Array, body: Uint8Array): Result<Uint8Array>;
}

/** What SPNEGO asks of an established mechanism: the integrity of the list that was offered. @see RFC 4178 §5 */
export interface NegotiationIntegrity {
  /** Whether the mechanism wants the list protected even where its first entry was taken (NTLM with a MIC does). */
  readonly wantsMic: boolean;
  mic(mechanisms: Uint8Array): Result<Uint8Array>;
  /** Failure `auth.bad-seal`: somebody changed what was offered. */
  checkMic(mechanisms: Uint8Array, mic: Uint8Array): Result<void>;
}
