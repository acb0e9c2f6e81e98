import { Secret } from '../../src/core/secret.ts';
import type { Target } from '../../src/core/target.ts';
import { seconds } from '../../src/core/time.ts';

/** A WinRM target on loopback that logs on by NTLM. */
export function loopbackTarget(port: number, changes: Partial<Target> = {}): Target {
  return {
    host: 'web-01',
    address: '127.0.0.1',
    port,
    scheme: 'http',
    path: '/wsman',
    auth: 'ntlm',
    user: 'CORP\\ops',
    password: new Secret('Pä$$wörd'),
    configuration: 'Microsoft.PowerShell',
    connectTimeout: seconds(5),
    operationTimeout: seconds(20),
    ...changes,
  };
}
