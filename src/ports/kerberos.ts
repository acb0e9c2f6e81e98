import type { Result } from '../core/result.ts';
import type { Secret } from '../core/secret.ts';
import type { Instant } from '../core/time.ts';

/** Whom a Kerberos logon is with, and as whom. */
export interface KerberosLogon {
  /** Host-based service name as GSSAPI writes it: `host@fs-01.corp.example`. */
  readonly service: string;
  /** `user@REALM`; undefined takes the default principal of the credentials cache. */
  readonly principal: string | undefined;
  /** Gets a ticket of its own; undefined uses the credentials cache. */
  readonly password: Secret | undefined;
  /** Credentials cache, such as `FILE:…`; undefined is the environment's. */
  readonly cache: string | undefined;
  /** Application data of the channel binding (`tls-server-end-point:…`); undefined without TLS. */
  readonly channelBinding: Uint8Array | undefined;
}

/** Kerberos of this machine's GSSAPI. */
export interface Kerberos {
  /**
   * Begins a logon: finds or gets the ticket-granting ticket. Waiting for a KDC holds up nobody else.
   *
   * Failures `auth.kerberos-*`: no library, no ticket, expired, wrong password, no realm, no KDC.
   */
  initiate(logon: KerberosLogon): Promise<Result<KerberosInitiator>>;
}

/**
 * One logon under way, then the context that seals its messages; RFC 4121 tokens throughout.
 *
 * What is forgotten is freed with the garbage.
 */
export interface KerberosInitiator {
  /**
   * The first step asks the KDC for the service's ticket. Failures `auth.kerberos-*`.
   *
   * @param answer - The server's token; undefined for the first step.
   */
  step(answer: Uint8Array | undefined): Promise<Result<KerberosStep>>;
  /** One message sealed (`gss_wrap` with confidentiality): header, rotated data and trailer as the library gives it. */
  wrap(plain: Uint8Array): Result<Uint8Array>;
  /** Failure `auth.bad-seal`, also for a message that was only signed. */
  unwrap(token: Uint8Array): Result<Uint8Array>;
  /** The integrity of a message that travels beside it (`gss_get_mic`). */
  mic(message: Uint8Array): Result<Uint8Array>;
  /** Failure `auth.bad-seal`. */
  checkMic(message: Uint8Array, mic: Uint8Array): Result<void>;
}

export interface KerberosStep {
  /** To be sent; undefined where the handshake needs no more. */
  readonly token: Uint8Array | undefined;
  /** Whether both sides are proven; only then are messages sealed. */
  readonly isComplete: boolean;
  /** When the ticket behind the context expires; undefined before it is complete, or where it never does. */
  readonly expiresAt: Instant | undefined;
}
