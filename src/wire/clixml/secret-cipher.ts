import type { Secret } from '../../core/secret.ts';

/** What a session key does for SecureStrings; see MS-PSRP §2.2.5.1.24. */
export interface SecretCipher {
  /** The content of an `SS` element: base64. */
  encrypt(secret: Secret): string;
  /** Undefined when the content is not of this key. */
  decrypt(content: string): Secret | undefined;
}
