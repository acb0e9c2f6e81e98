import { systemClock } from '../node/clock.ts';
import { systemEntropy } from '../node/entropy.ts';
import { createSystemKerberos } from '../node/gssapi/kerberos.ts';
import { systemConnector } from '../node/http/connection.ts';
import { nodeRsaKeys } from '../node/rsa-keys.ts';
import { systemTimers } from '../node/timers.ts';
import type { WinrmClientOptions } from '../remote/api/client-options.ts';
import { WinrmClient as PortableClient } from '../remote/api/winrm-client.ts';
import type { WinrmPorts } from '../remote/api/winrm-client.ts';

/** This machine's sockets, clock and keys. */
export const systemPorts: WinrmPorts = {
  connector: systemConnector,
  timers: systemTimers,
  entropy: systemEntropy,
  keys: nodeRsaKeys,
  kerberos: createSystemKerberos(),
  now: () => systemClock.now(),
};

/**
 * A client of one Windows host's WinRM service, over this machine's network.
 *
 * ```ts
 * await using client = new WinrmClient({ host: 'fs-01.corp.example', user: 'CORP\\ops', password });
 * const { output } = await client.invoke('Get-Service spooler');
 * ```
 */
export class WinrmClient extends PortableClient {
  /** @throws TypeError for options that make no sense. */
  constructor(options: WinrmClientOptions) {
    super(options, systemPorts);
  }
}
