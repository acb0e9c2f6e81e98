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
}

export type AuthMethod = 'ntlm' | 'kerberos' | 'negotiate' | 'basic' | 'certificate';
