import type { Secret } from './secret.ts';
import type { Duration } from './time.ts';

/** How to reach one host over WinRM; resolved from the inventory's connection variables. */
export interface Target {
  /** The host's name in the inventory. */
  readonly host: string;
  /** DNS name or IP address to connect to. */
  readonly address: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** URL path of the listener, `/wsman` unless the inventory says otherwise. */
  readonly path: string;
  readonly auth: AuthMethod;
  /** As written: `DOMAIN\user`, `user@domain` or `user`. */
  readonly user: string;
  readonly password: Secret;
  /** PowerShell session configuration, `Microsoft.PowerShell` unless the inventory names another (JEA). */
  readonly configuration: string;
  readonly connectTimeout: Duration;
  readonly operationTimeout: Duration;
  /** From the first leg of the logon to its last answer; `connectTimeout` unless given. */
  readonly logonTimeout?: Duration;
  /** How the other side of TLS is known; by the system's authorities and `address` unless given. */
  readonly tls?: TlsSettings;
  /** An HTTP proxy that tunnels by CONNECT; https only. */
  readonly proxy?: ProxySettings;
  readonly kerberos?: KerberosSettings;
  /** Basic over http shows the password to the network; only a caller who says so gets it. */
  readonly allowsBasicOverHttp?: boolean;
}

export interface TlsSettings {
  /** Authorities to trust instead of the system's: PEM text, one certificate or more. */
  readonly ca?: string;
  /** SHA-256 of the server's certificate in hex; it replaces trust in authorities and the check of the name. */
  readonly pin?: string;
  /** The name that the certificate must carry, where it is not `address`. */
  readonly serverName?: string;
  /** For authentication by certificate, which holds TLS at 1.2. */
  readonly clientCertificate?: ClientCertificate;
}

/** A client's certificate and key as PEM texts. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: Secret;
  readonly passphrase?: Secret;
}

export interface ProxySettings {
  readonly address: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: Secret;
}

export interface KerberosSettings {
  /** Service class of the principal name; `host` unless given, as native clients ask. */
  readonly service?: string;
  /** Host part of the principal name; `address` unless given. An IP address has no principal. */
  readonly hostname?: string;
  /** Credentials cache, such as `FILE:…`; the environment's unless given. Used where the target has no password. */
  readonly cache?: string;
}

export type AuthMethod = 'ntlm' | 'kerberos' | 'negotiate' | 'basic' | 'certificate';
