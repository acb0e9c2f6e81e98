import { canonicalJson } from '../core/json.ts';
import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { Secret } from '../core/secret.ts';
import type { FleetHost, InventoryLogon } from '../lab/fleet.ts';
import { generateHosts, generateScenario } from '../lab/generate-scenario.ts';
import type { LabLogEntry } from '../lab/lab-log.ts';
import { problemsFailure } from '../model/document.ts';
import { readScenario } from '../model/read-scenario.ts';
import type { Scenario } from '../model/scenario.ts';
import { systemClock } from '../node/clock.ts';
import { appendLine } from '../node/append-line.ts';
import { systemEntropy } from '../node/entropy.ts';
import { systemFiles } from '../node/files.ts';
import { runLock } from '../node/run-lock.ts';
import { madeUpAccount, startRememberedFleet } from './lab-fleet.ts';
import type { LabAccount } from './lab-fleet.ts';

export interface ServeLabOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stateDir: string;
  readonly hosts: number;
  readonly seed: string;
  /** A scenario file in place of `hosts`. */
  readonly scenario?: string;
  /** NDJSON of what each host saw. */
  readonly log?: string;
  /** Where to write the inventory for the fleet. */
  readonly inventory: string;
  readonly onReady: (hosts: readonly FleetHost[]) => void;
}

/** Serves a simulated fleet on loopback until `signal` aborts. Failures: `lock.held`, `file.*`, `document.*`, `net.*`. */
export async function serveLab(o: ServeLabOptions, signal: AbortSignal): Promise<Result<void>> {
  const directory = systemFiles.resolve(o.cwd, o.stateDir);
  const scenario = scenarioOf(o);
  if (!scenario.ok) return scenario;
  const lock = runLock(
    directory,
    'lab',
    'Another `countersign lab` serves the fleet of this state directory.',
  );
  const locked = lock.acquire();
  if (!locked.ok) return locked;
  const { account, logon } = labAccount(o.env['COUNTERSIGN_PASSWORD']);
  const logPath = o.log === undefined ? undefined : systemFiles.resolve(o.cwd, o.log);
  try {
    const fleet = await startRememberedFleet({
      scenario: scenario.value,
      seed: o.seed,
      account,
      clock: systemClock,
      directory,
      ...(logPath === undefined ? {} : { log: (entry) => writeLog(logPath, entry) }),
    });
    if (!fleet.ok) return fleet;
    const path = systemFiles.resolve(o.cwd, o.inventory);
    const written = systemFiles.write(path, fleet.value.inventoryYaml(logon), { private: true });
    if (written.ok) {
      o.onReady(fleet.value.hosts);
      await aborted(signal);
    }
    await fleet.value.close();
    return written;
  } finally {
    lock.release();
  }
}

/** A password that the environment has stays there; a made-up one is of use only to who reads it in the inventory. */
function labAccount(given: string | undefined): {
  readonly account: LabAccount;
  readonly logon: InventoryLogon;
} {
  const { user } = madeUpAccount();
  if (given) return { account: { user, password: new Secret(given) }, logon: { user } };
  const madeUpPassword = systemEntropy.uuid();
  return { account: { user, password: new Secret(madeUpPassword) }, logon: { user, madeUpPassword } };
}

function scenarioOf(o: ServeLabOptions): Result<Scenario> {
  if (o.scenario === undefined) return ok(generateScenario(generateHosts(o.hosts), o.seed));
  const text = systemFiles.read(systemFiles.resolve(o.cwd, o.scenario));
  if (!text.ok) return text;
  const read = readScenario(text.value, o.scenario);
  return read.ok ? read : err(problemsFailure(read.error) ?? failure('document.rejected'));
}

function writeLog(path: string, entry: LabLogEntry): void {
  const written = appendLine(path, canonicalJson(entry));
  if (!written.ok) throw written.error;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
