import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { Secret } from '../core/secret.ts';
import type { Target } from '../core/target.ts';
import type { Host } from '../model/inventory.ts';
import { connectionPlugin } from './connection-names.ts';
import { ConnectionReader } from './connection-reader.ts';
import type { ReadText } from './connection-reader.ts';
import { authMethodOf, isPasswordless } from './target-auth.ts';
import { proxyOf } from './target-proxy.ts';
import { kerberosOf, tlsOf } from './target-security.ts';

/** Ports on which an unnamed scheme is `http`, as in Ansible. */
const httpPorts = [80, 5985];
const defaultPort = { http: 5985, https: 5986 } as const;
const connectTimeoutSeconds = 30;
const operationTimeoutSeconds = 20;

/**
 * How to reach a host, from Ansible's connection variables for `psrp` and `winrm`. Both come down to the same here:
 * PSRP over WS-Management.
 *
 * @param readText - Reads the certificates and keys that variables name.
 * @returns Failures `inventory.no-connection`, `inventory.connection`, and `inventory.template` or
 *   `inventory.environment` where a variable that counts could not be resolved.
 * @see https://docs.ansible.com/ansible/latest/collections/ansible/builtin/psrp_connection.html
 * @see https://docs.ansible.com/ansible/latest/collections/ansible/builtin/winrm_connection.html
 */
export function targetOf(host: Host, readText: ReadText): Result<Target> {
  const connection = host.vars.get('ansible_connection');
  if (connection === undefined) return err(failure('inventory.no-connection', { host: host.name }));
  if (connection.unresolved !== undefined) return err(connection.unresolved);
  const plugin = connectionPlugin(connection.value);
  if (plugin === undefined) {
    const reason = `is ${JSON.stringify(connection.value)}, which is not WinRM`;
    const remedy = 'Use psrp or winrm, or leave the host out with --limit.';
    return err(
      failure('inventory.connection', { host: host.name, variable: 'ansible_connection', reason, remedy }),
    );
  }
  const reader = new ConnectionReader(host, plugin, readText);
  const target = readTarget(host.name, reader);
  const [first] = reader.failures;
  return first === undefined ? ok(target) : err(first);
}

/** The failures are the reader's; where there is one, the target is not used. */
function readTarget(host: string, reader: ConnectionReader): Target {
  const askedScheme = reader.choice('scheme', ['http', 'https']);
  const port = reader.port() ?? defaultPort[askedScheme ?? 'https'];
  const auth = authMethodOf(reader);
  const [tls, proxy, kerberos] = [tlsOf(reader, auth), proxyOf(reader), kerberosOf(reader)];
  const isOptional = isPasswordless(auth);
  return {
    host,
    address: reader.text('host') ?? host,
    port,
    scheme: askedScheme ?? (httpPorts.includes(port) ? 'http' : 'https'),
    path: withLeadingSlash(reader.text('path') ?? 'wsman'),
    auth,
    user: isOptional ? (reader.text('user') ?? '') : reader.required('user'),
    password: new Secret(isOptional ? (reader.text('password') ?? '') : reader.required('password')),
    configuration: reader.text('configuration') ?? 'Microsoft.PowerShell',
    connectTimeout: reader.timeout('connectTimeout', connectTimeoutSeconds),
    operationTimeout: reader.timeout('operationTimeout', operationTimeoutSeconds),
    ...(tls === undefined ? {} : { tls }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(kerberos === undefined ? {} : { kerberos }),
  };
}

function withLeadingSlash(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
