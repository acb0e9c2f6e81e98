import { limiter } from '../core/limiter.ts';
import { ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { fleetSchemaName } from '../model/fleet-snapshot.ts';
import type { FleetSnapshot } from '../model/fleet-snapshot.ts';
import type { ScenarioHost } from '../model/scenario.ts';
import type { Fleet, FleetHost, FleetOptions, InventoryLogon } from './fleet.ts';
import { inventoryYaml } from './inventory-yaml.ts';
import { LabHost } from './lab-host.ts';
import type { SimulatedWindows } from './windows/simulated-windows.ts';

const startsAtOnce = 32;

/**
 * Starts the hosts of a scenario on loopback.
 *
 * Failure `net.listen` where no port is to be had; hosts that had started are stopped again.
 */
export async function startFleet(options: FleetOptions): Promise<Result<Fleet>> {
  const described = options.scenario.hosts;
  const results = await limiter(described, startsAtOnce, (host) => LabHost.start(host, options));
  const failed = results.find((it) => !it.ok);
  const started = results.flatMap((it) => (it.ok ? [it.value] : []));
  if (failed !== undefined) {
    await closeAll(started);
    return failed;
  }
  return ok(new RunningFleet(options.seed, described, started));
}

class RunningFleet implements Fleet {
  readonly hosts: readonly FleetHost[];
  readonly #seed: string;
  readonly #byName: ReadonlyMap<string, LabHost>;

  constructor(seed: string, described: readonly ScenarioHost[], started: readonly LabHost[]) {
    this.#seed = seed;
    this.#byName = new Map(started.map((host, index) => [described[index]?.name ?? '', host]));
    this.hosts = described.flatMap(({ name, groups }) => {
      const host = this.#byName.get(name);
      return host === undefined ? [] : [{ name, groups, address: host.address, port: host.port }];
    });
  }

  windows(name: string): SimulatedWindows | undefined {
    return this.#byName.get(name)?.windows;
  }

  snapshot(): FleetSnapshot {
    const hosts = [...this.#byName].map(([name, host]) => [name, host.snapshot()] as const);
    return { schema: fleetSchemaName, seed: this.#seed, hosts: Object.fromEntries(hosts) };
  }

  inventoryYaml(logon: InventoryLogon = { user: 'CORP\\svc-countersign' }): string {
    return inventoryYaml(this.hosts, logon);
  }

  close(): Promise<void> {
    return closeAll([...this.#byName.values()]);
  }
}

async function closeAll(hosts: readonly LabHost[]): Promise<void> {
  await limiter(hosts, startsAtOnce, (host) => host.close());
}
