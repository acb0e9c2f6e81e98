import { controlCatalog } from '../controls/catalog.ts';
import { canonicalJson } from '../core/json.ts';
import type { Result } from '../core/result.ts';
import { Secret } from '../core/secret.ts';
import type { Fleet } from '../lab/fleet.ts';
import type { LabLog } from '../lab/lab-log.ts';
import { startFleet } from '../lab/start-fleet.ts';
import { FleetSnapshot } from '../model/fleet-snapshot.ts';
import type { Scenario } from '../model/scenario.ts';
import { systemEntropy } from '../node/entropy.ts';
import { systemFiles } from '../node/files.ts';
import { systemListener } from '../node/http/listener.ts';
import { systemTimers } from '../node/timers.ts';
import type { Clock } from '../ports/clock.ts';

/** Who may log on to the fleet. */
export interface LabAccount {
  readonly user: string;
  readonly password: Secret;
}

/** An account that exists only as long as the process. */
export function madeUpAccount(): LabAccount {
  return { user: 'CORP\\svc-countersign', password: new Secret(systemEntropy.uuid()) };
}

export interface LabFleetOptions {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly account: LabAccount;
  readonly clock: Clock;
  /** State directory: machine states and ports are kept in its `lab-fleet.json`. */
  readonly directory: string;
  readonly log?: LabLog;
}

/** Starts a fleet as it was left in the state directory, and keeps its state there with every change. */
export async function startRememberedFleet(o: LabFleetOptions): Promise<Result<Fleet>> {
  const path = systemFiles.resolve(o.directory, 'lab-fleet.json');
  const snapshot = readSnapshot(path);
  let running: Fleet | undefined;
  const started = await startFleet({
    scenario: o.scenario,
    seed: o.seed,
    catalog: controlCatalog,
    listener: systemListener,
    clock: o.clock,
    timers: systemTimers,
    entropy: systemEntropy,
    accounts: new Map([[o.account.user, o.account.password]]),
    ...(o.log === undefined ? {} : { log: o.log }),
    ...(snapshot === undefined ? {} : { snapshot }),
    onChange: () => {
      if (running) remember(running, path);
    },
  });
  if (started.ok) {
    running = started.value;
    remember(running, path);
  }
  return started;
}

function readSnapshot(path: string): FleetSnapshot | undefined {
  const text = systemFiles.read(path);
  if (!text.ok) return undefined;
  const parsed = FleetSnapshot.safeParse(JSON.parse(text.value));
  return parsed.success ? parsed.data : undefined;
}

function remember(fleet: Fleet, path: string): void {
  const written = systemFiles.write(path, canonicalJson(fleet.snapshot()));
  if (!written.ok) throw written.error;
}
