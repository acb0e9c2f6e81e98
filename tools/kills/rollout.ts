import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { planHosts } from '../../src/app/plan-hosts.ts';
import { composeRuntime } from '../../src/compose/runtime.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import { controlCatalog } from '../../src/controls/catalog.ts';
import { unwrap } from '../../src/core/result.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Fleet } from '../../src/lab/fleet.ts';
import type { LabLogEntry } from '../../src/lab/lab-log.ts';
import { startFleet } from '../../src/lab/start-fleet.ts';
import { Scenario } from '../../src/model/scenario.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import { systemListener } from '../../src/node/http/listener.ts';
import { systemTimers } from '../../src/node/timers.ts';
import { fastClock } from './fast-clock.ts';

/** What a controller process is told on its command line. */
export interface ControllerOrders {
  readonly directory: string;
  readonly speed: number;
  readonly since: number;
  /** Kill yourself at this crash point, counted from 1; null: live on. */
  readonly dieAt: number | null;
}

/** What a controller process says on its last line. */
export type ControllerReport =
  | { readonly kind: 'died'; readonly point: string; readonly passed: number }
  | {
      readonly kind: 'done';
      readonly run: string;
      readonly passed: number;
      readonly exitCode: number;
      readonly ended: string | null;
    }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** When a controller is killed: by itself at a crash point, or from outside when its hosts have seen so much. */
export type Kill =
  | { readonly by: 'itself'; readonly atCrashPoint: number }
  | { readonly by: 'us'; readonly atHostEvent: number };

/** A minute of validity passes in three seconds; a request that is sent still has time to arrive. */
const speed = 20;
const password = 'lab-Pä$$wörd-2026';

const scenario = Scenario.parse({
  reboot: { quietMs: [20, 60], downMs: [100, 200], startingMs: [0, 60] },
  hosts: [
    {
      name: 'dc-01',
      build: 'server-2012-r2',
      role: 'domain-controller',
      groups: ['controllers'],
      smb1: 'on',
    },
    { name: 'dc-02', build: 'server-2019', role: 'domain-controller', groups: ['controllers'], smb1: 'on' },
    { name: 'fs-01', build: 'server-2016', groups: ['servers'], smb1: 'on' },
    { name: 'ws-01', build: 'windows-10-1809', groups: ['clients'], smb1: 'on' },
    { name: 'ws-02', build: 'windows-11-23h2', groups: ['clients'], smb1: 'off' },
  ],
});

const redundancy = `sets:
  - { name: controllers, hosts: controllers, min_available: 1 }
`;

const playbook = `version: 1
name: Kills
hosts: all
windows:
  now: { always: true }
defaults:
  concurrency: 4
phases:
  - name: disable-smb1
    window: now
    controls:
      smb1-server: { enabled: false }
      smb1-feature: { installed: false }
    reboot: { when: needed, timeout: 2m, settle: 1s }
    waves: [{ hosts: clients }, rest]
  - name: signing
    needs: [disable-smb1]
    window: now
    controls:
      smb-client-signing: { require: true }
      smb-server-signing: { require: true }
`;

/** A small fleet that is served by this process, with a plan for it, to be carried out by controllers that may die. */
export class Rollout {
  readonly directory: string;
  readonly fleet: Fleet;
  readonly log: LabLogEntry[];
  readonly runtime: Runtime;
  readonly #since: number;
  /** Called with each entry of the log. */
  onEntry: () => void = () => undefined;

  private constructor(
    o: { directory: string; fleet: Fleet; log: LabLogEntry[]; runtime: Runtime },
    since: number,
  ) {
    this.directory = o.directory;
    this.fleet = o.fleet;
    this.log = o.log;
    this.runtime = o.runtime;
    this.#since = since;
  }

  /** Equal seeds give equal lengths of reboots. */
  static async start(seed: string): Promise<Rollout> {
    const directory = mkdtempSync(join(tmpdir(), 'countersign-kills-'));
    const since = Date.now();
    const clock = fastClock(speed, since);
    const log: LabLogEntry[] = [];
    const heard = { entry: (): void => undefined };
    const fleet = unwrap(
      await startFleet({
        ...{ scenario, seed, clock, catalog: controlCatalog, listener: systemListener },
        ...{ timers: systemTimers, entropy: systemEntropy },
        accounts: new Map([['CORP\\svc-countersign', new Secret(password)]]),
        log: (entry) => {
          log.push(entry);
          heard.entry();
        },
      }),
    );
    writeFileSync(join(directory, 'inventory.yml'), fleet.inventoryYaml());
    writeFileSync(join(directory, 'countersign.yml'), redundancy);
    writeFileSync(join(directory, 'playbook.yml'), playbook);
    const env = { COUNTERSIGN_PASSWORD: password };
    const runtime = unwrap(composeRuntime({ cwd: directory, env, stateDir: 'state', lab: false, clock }));
    const rollout = new Rollout({ directory, fleet, log, runtime }, since);
    heard.entry = () => {
      rollout.onEntry();
    };
    await rollout.#plan();
    return rollout;
  }

  /** Lets one controller process work until it ends, or is killed. */
  async control(kill: Kill | undefined): Promise<ControllerReport> {
    const orders: ControllerOrders = {
      ...{ directory: this.directory, speed, since: this.#since },
      dieAt: kill?.by === 'itself' ? kill.atCrashPoint : null,
    };
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'controller.ts'), JSON.stringify(orders)],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          COUNTERSIGN_PASSWORD: password,
          NODE_COMPILE_CACHE: join(tmpdir(), 'countersign-compile-cache'),
        },
      },
    );
    const from = this.log.length;
    if (kill?.by === 'us') {
      this.onEntry = () => {
        if (this.log.length - from >= kill.atHostEvent) child.kill('SIGKILL');
      };
    }
    const report = await reportOf(child);
    this.onEntry = () => undefined;
    return report;
  }

  async close(): Promise<void> {
    await this.runtime.close();
    await this.fleet.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #plan(): Promise<void> {
    const selection = { inventory: ['inventory.yml'], playbook: 'playbook.yml', extra: {}, forks: 4 };
    const options = { offline: false, allowSpill: false };
    const plan = unwrap(await planHosts(this.runtime, selection, options, new AbortController().signal));
    writeFileSync(join(this.directory, 'plan.json'), JSON.stringify(plan));
  }
}

function reportOf(child: ChildProcess): Promise<ControllerReport> {
  return new Promise((resolve) => {
    let out = '';
    let errors = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('close', (code, signal) => {
      const last = out.trim().split('\n').at(-1) ?? '';
      if (last !== '') resolve(JSON.parse(last) as ControllerReport);
      else if (signal === 'SIGKILL') resolve({ kind: 'died', point: 'from outside', passed: 0 });
      else resolve({ kind: 'failed', code: `exit ${code ?? signal ?? ''}`, message: errors });
    });
  });
}
