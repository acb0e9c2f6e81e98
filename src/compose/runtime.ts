import type { Runtime } from '../app/runtime.ts';
import { controlCatalog } from '../controls/catalog.ts';
import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { ReadText } from '../inventory/connection-reader.ts';
import { targetOf } from '../inventory/target.ts';
import { systemClock } from '../node/clock.ts';
import { systemEntropy } from '../node/entropy.ts';
import { createSystemKerberos } from '../node/gssapi/kerberos.ts';
import { systemFiles } from '../node/files.ts';
import { systemConnector } from '../node/http/connection.ts';
import { packageVersion, processIdentity } from '../node/package.ts';
import { packagedScripts } from '../node/scripts.ts';
import { systemTimers } from '../node/timers.ts';
import type { Clock } from '../ports/clock.ts';
import { createSessionFactory } from '../remote/session-factory.ts';
import { labNetwork } from './lab-network.ts';
import { stateStores } from './state-stores.ts';

export interface RuntimeOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As given; relative to `cwd`. */
  readonly stateDir: string;
  /** Simulated hosts in place of the network. */
  readonly lab: boolean;
  /** Policy time; the system's unless a demo or a test brings its own. */
  readonly clock?: Clock;
  readonly seed?: string;
}

const labVariables = { COUNTERSIGN_USER: 'lab', COUNTERSIGN_PASSWORD: 'lab' } as const;

/** Puts the parts together for one command. Failures: those of starting the lab. */
export function composeRuntime(options: RuntimeOptions): Result<Runtime> {
  const clock = options.clock ?? systemClock;
  const directory = systemFiles.resolve(options.cwd, options.stateDir);
  const direct = createSessionFactory({
    connector: systemConnector,
    timers: systemTimers,
    entropy: systemEntropy,
    now: () => systemClock.now(),
    kerberos: createSystemKerberos(),
  });
  const network = options.lab
    ? labNetwork({ clock, directory, sessions: direct, seed: options.seed ?? 'countersign' })
    : ok({ sessions: direct, credentials: inventoryCredentials(options), close: () => Promise.resolve() });
  if (!network.ok) return network;
  return ok({
    tool: { name: 'countersign', version: packageVersion() },
    cwd: options.cwd,
    // The lab has an account of its own; what the inventory looks up must only be there.
    env: options.lab ? { ...labVariables, ...options.env } : options.env,
    ...processIdentity(),
    clock,
    timers: systemTimers,
    entropy: systemEntropy,
    files: systemFiles,
    scripts: packagedScripts(),
    catalog: controlCatalog,
    lab: options.lab,
    ...network.value,
    state: stateStores(directory),
  });
}

function inventoryCredentials({ cwd, env }: RuntimeOptions): Runtime['credentials'] {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '~';
  const readText: ReadText = (path) =>
    systemFiles.read(
      systemFiles.resolve(
        cwd,
        path.replace(/^~(?=\/)/, () => home),
      ),
    );
  return (inventory) => {
    const hosts = new Map(inventory.hosts.map((host) => [host.name, host]));
    return {
      target: (name) => {
        const host = hosts.get(name);
        return host ? targetOf(host, readText) : err(failure('inventory.no-such-host', { host: name }));
      },
    };
  };
}
