import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { planHosts } from '../../src/app/plan-hosts.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { composeRuntime } from '../../src/compose/runtime.ts';
import { controlCatalog } from '../../src/controls/catalog.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { unwrap } from '../../src/core/result.ts';
import type { Result } from '../../src/core/result.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Fleet } from '../../src/lab/fleet.ts';
import type { LabLogEntry } from '../../src/lab/lab-log.ts';
import { setControl } from '../../src/lab/scripts/controls.ts';
import { startFleet } from '../../src/lab/start-fleet.ts';
import { milliseconds } from '../../src/core/time.ts';
import type { Plan } from '../../src/model/plan.ts';
import { Scenario } from '../../src/model/scenario.ts';
import type { HostFault, ScenarioHost } from '../../src/model/scenario.ts';
import { systemClock } from '../../src/node/clock.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import { systemListener } from '../../src/node/http/listener.ts';
import { systemTimers } from '../../src/node/timers.ts';

/** What a command line left behind. */
export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command line that is under way. */
export interface RunningCli {
  readonly finished: Promise<CliResult>;
  /** What it has printed so far. */
  readonly printed: () => string;
  /** Presses Ctrl-C. */
  readonly stop: () => void;
}

/** Long and odd, so that finding it anywhere is no accident. */
export const sitePassword = 'Geheim-§7f$-"quoted"-Pä$$wörd';

/** One phase that reboots where it must, at any time of day. */
export const quickPlaybook = `version: 1
name: Quick
hosts: all
windows:
  now: { always: true }
phases:
  - name: disable-smb1
    window: now
    controls:
      smb1-server: { enabled: false }
      smb1-feature: { installed: false }
    reboot: { when: needed, timeout: 1m, settle: 0s }
`;

/** One phase without a reboot. */
export const signingPlaybook = `version: 1
name: Signing
hosts: all
windows:
  now: { always: true }
phases:
  - name: signing
    window: now
    controls:
      smb-client-signing: { require: true }
      smb-server-signing: { require: true }
`;

type SiteHost = Pick<ScenarioHost, 'name' | 'build'> &
  Partial<Pick<ScenarioHost, 'role' | 'smb1' | 'already'>> & {
    readonly groups?: readonly string[];
    readonly faults?: readonly HostFault[];
  };

/** The same behind a gate that asks a person, so that a run stands still until somebody steers it. */
export const gatedPlaybook = `${signingPlaybook}    gates:
      - manual: { ask: "Are all vendors confirmed?" }
`;

export interface SiteOptions {
  readonly hosts?: readonly SiteHost[];
  readonly playbook?: string;
  /** `countersign.yml`. */
  readonly sets?: string;
  /** Lines under `vars` of the inventory. */
  readonly vars?: string;
}

/** A folder with inventory and playbook, and the simulated hosts that they are about; gone when its test ends. */
export class Site {
  readonly directory: string;
  readonly fleet: Fleet;
  readonly log: readonly LabLogEntry[];
  env: Record<string, string> = { COUNTERSIGN_PASSWORD: sitePassword };

  private constructor(directory: string, fleet: Fleet, log: readonly LabLogEntry[]) {
    this.directory = directory;
    this.fleet = fleet;
    this.log = log;
  }

  static async start(o: SiteOptions = {}): Promise<Site> {
    const directory = mkdtempSync(join(tmpdir(), 'countersign-site-'));
    const log: LabLogEntry[] = [];
    const hosts = o.hosts ?? [{ name: 'fs-01', build: 'server-2019', smb1: 'on' }];
    const started = await startFleet({
      scenario: Scenario.parse({
        reboot: { quietMs: [20, 20], downMs: [50, 50], startingMs: [20, 20] },
        hosts,
      }),
      ...{ seed: 'site', catalog: controlCatalog, listener: systemListener, clock: systemClock },
      ...{ timers: systemTimers, entropy: systemEntropy, log: (entry) => log.push(entry) },
      accounts: new Map([['CORP\\svc-countersign', new Secret(sitePassword)]]),
    });
    const site = new Site(directory, unwrap(started), log);
    onTestFinished(() => site.#close());
    const vars = o.vars ?? '';
    site.write('inventory.yml', site.fleet.inventoryYaml().replace('  vars:\n', `  vars:\n${vars}`));
    site.write('playbook.yml', o.playbook ?? quickPlaybook);
    if (o.sets !== undefined) site.write('countersign.yml', o.sets);
    return site;
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** Paths of all files below a folder. */
  files(folder = '.'): readonly string[] {
    const entries = readdirSync(this.path(folder), { recursive: true, withFileTypes: true });
    return entries.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name));
  }

  edit(name: string, change: (text: string) => string): void {
    this.write(name, change(this.read(name)));
  }

  /** Runs a command line in this folder, with the site's inventory and playbook unless it names others. */
  async cli(...argv: string[]): Promise<CliResult> {
    return this.start(...argv).finished;
  }

  start(...argv: string[]): RunningCli {
    let out = '';
    let err = '';
    const stops = new Set<() => void>();
    const env = { COUNTERSIGN_INVENTORY: 'inventory.yml', COUNTERSIGN_PLAYBOOK: 'playbook.yml', ...this.env };
    const finished = runCli(argv, {
      io: {
        out: (text) => (out += text),
        err: (text) => (err += text),
        ...{ terminal: false, color: false, columns: 100 },
      },
      ...{ cwd: this.directory, env },
      onStop(act) {
        stops.add(act);
        return () => stops.delete(act);
      },
      leave: (code) => {
        throw new Error(`left with ${code}`);
      },
    });
    return {
      finished: finished.then((code) => ({ code, out, err })),
      printed: () => out + err,
      stop: () => {
        for (const stop of stops) stop();
      },
    };
  }

  /** A runtime of this folder, as another terminal has it; closed when the test ends. */
  runtime(changes: Partial<Runtime> = {}): Runtime {
    const runtime = unwrap(
      composeRuntime({ cwd: this.directory, env: this.env, stateDir: '.countersign', lab: false }),
    );
    onTestFinished(() => runtime.close());
    return { ...runtime, ...changes };
  }

  /** Makes the plan of this folder and saves it as `plan.json`. */
  async plan(runtime = this.runtime()): Promise<Plan> {
    const plan = unwrap(await this.tryPlan(runtime));
    this.write('plan.json', JSON.stringify(plan));
    return plan;
  }

  tryPlan(runtime = this.runtime()): Promise<Result<Plan>> {
    const selection = { inventory: ['inventory.yml'], playbook: 'playbook.yml', extra: {}, forks: 4 };
    return planHosts(runtime, selection, { offline: false, allowSpill: false }, new AbortController().signal);
  }

  /** Changes a host behind our back. */
  setByHand(host: string, id: string, change: JsonObject): void {
    const [windows, control] = [this.fleet.windows(host)!, controlCatalog.get(id)!];
    const set = setControl(windows, control, change);
    if (!set.ok) throw new Error(set.error.message);
  }

  /** Writes and shutdowns that reached the hosts. */
  effects(): readonly LabLogEntry[] {
    return this.log.filter(({ event }) => event === 'write' || event === 'shutdown');
  }

  async #close(): Promise<void> {
    await this.fleet.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Waits for what a command prints or a host sees; the test's own time limit is the bound. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await systemTimers.sleep(milliseconds(20), new AbortController().signal);
}
