import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { Secret } from '../core/secret.ts';
import type { Target } from '../core/target.ts';
import type { Host } from '../model/inventory.ts';
import { authMethodOf } from './target-auth.ts';
import { connectionPlugin } from './connection-names.ts';
import { ConnectionReader } from './connection-reader.ts';

/** Ports on which an unnamed scheme is `http`, as in Ansible. */
const httpPorts = [80, 5985];
const defaultPort = { http: 5985, https: 5986 } as const;
const connectTimeoutSeconds = 30;
const operationTimeoutSeconds = 20;

/**
 * How to reach a host, from Ansible's connection variables for `psrp` and `winrm`. Both come down to the same here:
 * PSRP over WS-Management.
 *
 * @returns Failures `inventory.no-connection`, `inventory.connection`, and `inventory.template` or
 *   `inventory.environment` where a variable that counts could not be resolved.
 * @see https://docs.ansible.com/ansible/latest/collections/ansible/builtin/psrp_connection.html
 * @see https://docs.ansible.com/ansible/latest/collections/ansible/builtin/winrm_connection.html
 */
export function targetOf(host: Host): Result<Target> {
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
  const reader = new ConnectionReader(host, plugin);
  const target = readTarget(host.name, reader);
  const [first] = reader.failures;
  return first === undefined ? ok(target) : err(first);
}

/** The failures are the reader's; where there is one, the target is not used. */
function readTarget(host: string, reader: ConnectionReader): Target {
  const askedScheme = reader.choice('scheme', ['http', 'https']);
  const port = reader.port() ?? defaultPort[askedScheme ?? 'https'];
  return {
    host,
    address: reader.text('host') ?? host,
    port,
    scheme: askedScheme ?? (httpPorts.includes(port) ? 'http' : 'https'),
    path: withLeadingSlash(reader.text('path') ?? 'wsman'),
    auth: authMethodOf(reader),
    user: reader.required('user'),
    password: new Secret(reader.required('password')),
    configuration: reader.text('configuration') ?? 'Microsoft.PowerShell',
    connectTimeout: reader.timeout('connectTimeout', connectTimeoutSeconds),
    operationTimeout: reader.timeout('operationTimeout', operationTimeoutSeconds),
  };
}

function withLeadingSlash(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
