import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Target } from '../core/target.ts';
import { minutes, seconds } from '../core/time.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Fleet } from '../lab/fleet.ts';
import { runLock } from '../node/run-lock.ts';
import type { Clock } from '../ports/clock.ts';
import type { Credentials } from '../ports/credentials.ts';
import type { SessionFactory } from '../ports/session.ts';
import { madeUpAccount, startRememberedFleet } from './lab-fleet.ts';
import type { LabAccount } from './lab-fleet.ts';
import { scenarioFor } from './lab-scenario.ts';

/** How a runtime reaches its hosts. */
export interface Network {
  readonly sessions: SessionFactory;
  credentials(inventory: Inventory): Credentials;
  close(): Promise<void>;
}

export interface LabNetworkOptions {
  readonly clock: Clock;
  /** State directory: machine states and ports are kept in its `lab.json`. */
  readonly directory: string;
  /** The real client, over loopback. */
  readonly sessions: SessionFactory;
  readonly seed: string;
}

/**
 * Simulated hosts in place of the network: the names of the inventory lead to a fleet on loopback, which starts when
 * the first host is asked for and remembers its machines in the state directory.
 *
 * Failure `lock.held` when another process serves the fleet of this state directory.
 */
export function labNetwork(options: LabNetworkOptions): Result<Network> {
  const lock = runLock(
    options.directory,
    'lab',
    'It serves the lab fleet of this state directory. To share one fleet between commands: countersign lab --write-inventory FILE',
  );
  const locked = lock.acquire();
  if (!locked.ok) return locked;
  const account = madeUpAccount();
  let fleet: Promise<Result<Fleet>> | undefined;
  const start = (inventory: Inventory): void => {
    const scenario = scenarioFor(inventory.hosts, options.seed);
    fleet ??= startRememberedFleet({ ...options, scenario, account });
  };
  return ok({
    sessions: {
      async open(target, signal) {
        const started = await fleet;
        if (started && !started.ok) return started;
        const host = started?.value.hosts.find(({ name }) => name === target.host);
        if (!host) return err(failure('inventory.no-such-host', { host: target.host }));
        return options.sessions.open({ ...target, address: host.address, port: host.port }, signal);
      },
    },
    credentials(inventory) {
      start(inventory);
      return { target: (host) => ok(labTarget(host, account)) };
    },
    async close() {
      const started = await fleet;
      if (started?.ok) await started.value.close();
      lock.release();
    },
  });
}

/** Address and port are the fleet's to say, once it runs. */
function labTarget(host: string, account: LabAccount): Target {
  return {
    host,
    address: '127.0.0.1',
    port: 0,
    scheme: 'http',
    path: '/wsman',
    auth: 'ntlm',
    ...account,
    configuration: 'Microsoft.PowerShell',
    connectTimeout: seconds(5),
    operationTimeout: minutes(1),
  };
}
