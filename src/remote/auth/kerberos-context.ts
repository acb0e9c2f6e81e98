import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { KerberosInitiator } from '../../ports/kerberos.ts';
import { joinWrapToken, splitWrapToken } from '../../wire/kerberos/wrap-token.ts';
import type { NegotiationIntegrity, SealedMessage, SecurityContext } from '../../wire/security-context.ts';

/** Schemes that carry Kerberos: the sealed bodies are called after them. */
export type KerberosScheme = 'Kerberos' | 'Negotiate';

const protocols = {
  Kerberos: 'application/HTTP-Kerberos-session-encrypted',
  Negotiate: 'application/HTTP-SPNEGO-session-encrypted',
} as const;

/** Message sealing of a Kerberos logon, by the library that made it. */
export class KerberosContext implements SecurityContext, NegotiationIntegrity {
  readonly wantsMic = false;
  readonly protocol: string;
  readonly #initiator: KerberosInitiator;

  constructor(scheme: KerberosScheme, initiator: KerberosInitiator) {
    this.protocol = protocols[scheme];
    this.#initiator = initiator;
  }

  seal(plain: Uint8Array): Result<SealedMessage> {
    const token = this.#initiator.wrap(plain);
    return token.ok ? splitWrapToken(token.value, plain.length) : token;
  }

  unseal(header: Uint8Array, body: Uint8Array): Result<Uint8Array> {
    const token = joinWrapToken(header, body);
    return token.ok ? this.#initiator.unwrap(token.value) : token;
  }

  mic(mechanisms: Uint8Array): Result<Uint8Array> {
    return this.#initiator.mic(mechanisms);
  }

  checkMic(mechanisms: Uint8Array, mic: Uint8Array): Result<void> {
    const checked = this.#initiator.checkMic(mechanisms, mic);
    return checked.ok ? ok(undefined) : checked;
  }
}
