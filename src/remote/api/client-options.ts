import { Secret } from '../../core/secret.ts';
import type { AuthMethod, KerberosSettings, Target, TlsSettings } from '../../core/target.ts';
import { minutes, seconds } from '../../core/time.ts';
import type { HandshakeStyle } from '../auth/ntlm.ts';
import type { Patience, Waiting } from '../waiting.ts';
import type { ConnectionLimits } from '../connection-limits.ts';
import { optionalDuration, toDuration } from './time-span.ts';
import type { TimeSpan } from './time-span.ts';

/** How to reach and enter one host. Only `host` and what the logon needs must be given. */
export interface WinrmClientOptions {
  /** DNS name or IP address; messages name it. */
  readonly host: string;
  /** Where to connect instead of `host`, where the two differ. */
  readonly address?: string;
  /** `http` unless given; over it NTLM and Kerberos seal every message. */
  readonly scheme?: 'http' | 'https';
  /** 5985 for http, 5986 for https, unless given. */
  readonly port?: number;
  /** `/wsman` unless given. */
  readonly path?: string;
  /** `negotiate` unless given: Kerberos where a ticket can be had, else NTLM. */
  readonly auth?: AuthMethod;
  /** `DOMAIN\user`, `user@domain`, or `user`; may be left out for Kerberos with a ticket, and for certificates. */
  readonly user?: string;
  readonly password?: string | Secret;
  /** The PowerShell session configuration of pools; `Microsoft.PowerShell` unless given. */
  readonly configuration?: string;
  readonly tls?: TlsOptions;
  /** An HTTP proxy that tunnels by CONNECT; https only. Environment variables are not looked at. */
  readonly proxy?: ProxyOptions;
  readonly kerberos?: KerberosSettings;
  /** Basic over http shows the password to the network; only who sets this gets it. */
  readonly allowBasicOverHttp?: boolean;
  readonly timeouts?: ConnectionTimeouts;
  /**
   * When the last leg of an NTLM logon travels: `apart`, which every server takes, or `together` with the first
   * message, which saves a round trip a connection. A server that passes over the message gets it again, apart.
   */
  readonly handshake?: HandshakeStyle;
  /** Bounds on connections, to be shared by clients that should be bounded together. */
  readonly limits?: ConnectionLimits;
  /** How long a host that has no room, or whose service is starting, is waited for. */
  readonly patience?: Patience;
  /** Hears of each such wait. */
  readonly onWait?: (waiting: Waiting) => void;
}

export interface TlsOptions extends Omit<TlsSettings, 'clientCertificate'> {
  readonly clientCertificate?: {
    /** PEM text. */
    readonly certificate: string;
    /** PEM text. */
    readonly key: string | Secret;
    readonly passphrase?: string | Secret;
  };
}

export interface ProxyOptions {
  readonly address: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string | Secret;
}

/** Bounds of the connection itself; those of a pipeline are given with it. */
export interface ConnectionTimeouts {
  /** Name lookup, TCP and TLS; 10 s unless given. */
  readonly connect?: TimeSpan;
  /** The legs of a logon together; 30 s unless given. */
  readonly logon?: TimeSpan;
  /** How long the server holds a request that has no answer yet before it is asked again; 60 s unless given. */
  readonly operation?: TimeSpan;
}

/** @throws TypeError for a host or a length of time that is none. */
export function targetOf(options: WinrmClientOptions): Target {
  const { host, scheme = 'http', timeouts = {}, tls, proxy, kerberos, allowBasicOverHttp } = options;
  if (host === '') throw new TypeError('host is empty');
  return {
    host,
    address: options.address ?? host,
    port: options.port ?? (scheme === 'https' ? 5986 : 5985),
    scheme,
    path: options.path ?? '/wsman',
    auth: options.auth ?? 'negotiate',
    user: options.user ?? '',
    password: secretOf(options.password ?? ''),
    configuration: options.configuration ?? 'Microsoft.PowerShell',
    connectTimeout: optionalDuration(timeouts.connect) ?? seconds(10),
    logonTimeout: optionalDuration(timeouts.logon) ?? seconds(30),
    operationTimeout: toDuration(timeouts.operation ?? minutes(1)),
    ...(tls === undefined ? {} : { tls: tlsOf(tls) }),
    ...(proxy === undefined ? {} : { proxy: proxyOf(proxy) }),
    ...(kerberos === undefined ? {} : { kerberos }),
    ...(allowBasicOverHttp === undefined ? {} : { allowsBasicOverHttp: allowBasicOverHttp }),
  };
}

function tlsOf({ clientCertificate, ...rest }: TlsOptions): TlsSettings {
  if (clientCertificate === undefined) return rest;
  const { certificate, key, passphrase } = clientCertificate;
  const secret = passphrase === undefined ? {} : { passphrase: secretOf(passphrase) };
  return { ...rest, clientCertificate: { certificate, key: secretOf(key), ...secret } };
}

function proxyOf({ password, ...rest }: ProxyOptions): NonNullable<Target['proxy']> {
  return password === undefined ? rest : { ...rest, password: secretOf(password) };
}

function secretOf(value: string | Secret): Secret {
  return typeof value === 'string' ? new Secret(value) : value;
}
