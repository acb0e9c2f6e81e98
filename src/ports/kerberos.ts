import type { Result } from '../core/result.ts';
import type { Secret } from '../core/secret.ts';

/** Whom a Kerberos logon is with, and as whom. */
export interface KerberosLogon {
  /** Host-based service name as GSSAPI writes it: `host@fs-01.corp.example`. */
  readonly service: string;
  /** `user@REALM`; undefined takes the default principal of the credentials cache. */
  readonly principal: string | undefined;
  /** Gets a ticket of its own; undefined uses the credentials cache. */
  readonly password: Secret | undefined;
  readonly cache: string | undefined;
  /** Application data of the channel binding (`tls-server-end-point:…`); undefined without TLS. */
  readonly channelBinding: Uint8Array | undefined;
}

/** Kerberos of this machine's GSSAPI. */
export interface Kerberos {
  /**
   * Begins a logon: asks the KDC for what is missing.
   *
   * Failures `auth.kerberos-*`: no library, no ticket, expired, unknown service, clocks apart, no KDC.
   */
  initiate(logon: KerberosLogon): Promise<Result<KerberosInitiator>>;
}

/** One logon under way, then the context that seals its messages; RFC 4121 tokens throughout. */
export interface KerberosInitiator {
  /** @param answer - The server's token; undefined for the first step. */
  step(answer: Uint8Array | undefined): Promise<Result<KerberosStep>>;
  /** One message sealed (`gss_wrap` with confidentiality): header, rotated data and trailer as the library gives it. */
  wrap(plain: Uint8Array): Result<Uint8Array>;
  unwrap(token: Uint8Array): Result<Uint8Array>;
  close(): void;
}

export interface KerberosStep {
  /** To be sent; undefined where the handshake needs no more. */
  readonly token: Uint8Array | undefined;
  readonly isComplete: boolean;
}
