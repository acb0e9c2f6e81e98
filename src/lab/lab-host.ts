import { ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Secret } from '../core/secret.ts';
import { formatInstant, instant } from '../core/time.ts';
import type { HostSnapshot } from '../model/fleet-snapshot.ts';
import type { ScenarioHost } from '../model/scenario.ts';
import type { HttpHandler, HttpServer } from '../ports/http-listener.ts';
import type { FleetOptions } from './fleet.ts';
import { HostFaults } from './host-faults.ts';
import { HostPower } from './host-power.ts';
import type { WindowsEvent } from './lab-log.ts';
import { ModelEngine } from './model-engine.ts';
import { seededChance } from './prng.ts';
import { psrpBackends } from './server/psrp-backend.ts';
import type { HostEvent } from './server/host-event.ts';
import { WinrmHost } from './server/winrm-host.ts';
import { bootId } from './windows/boot.ts';
import { installWindows } from './windows/install.ts';
import { SimulatedWindows } from './windows/simulated-windows.ts';

const loopback = '127.0.0.1';
/** MaxEnvelopeSizekb before and since Windows 8. */
const envelopeBytes = { old: 153_600, now: 512_000, since: 9200 } as const;
const maxFragmentBytes = 32_768;

/** One simulated Windows with its WinRM listener on loopback. */
export class LabHost {
  readonly windows: SimulatedWindows;
  readonly #faults: HostFaults;
  readonly #winrm: WinrmHost;
  readonly #server: HttpServer;
  readonly #power: HostPower;

  /** Failure `net.listen`. */
  static async start(host: ScenarioHost, options: FleetOptions): Promise<Result<LabHost>> {
    const remembered = options.snapshot?.hosts[host.name];
    const door = new Door();
    let listening = await options.listener.listen(loopback, remembered?.port ?? 0, door);
    // Somebody may have taken the port since; another one is better than no host.
    if (!listening.ok && remembered !== undefined)
      listening = await options.listener.listen(loopback, 0, door);
    if (!listening.ok) return listening;
    const started = new LabHost(host, options, listening.value, remembered);
    door.open(started.#winrm);
    await started.#settle();
    return ok(started);
  }

  private constructor(
    host: ScenarioHost,
    options: FleetOptions,
    server: HttpServer,
    remembered: HostSnapshot | undefined,
  ) {
    const { clock, timers, seed, onChange, scenario } = options;
    const chance = seededChance(`${seed}/${host.name}`);
    const log = (event: WindowsEvent | HostEvent): void =>
      options.log?.({ at: formatInstant(clock.now()), ...event, host: host.name });
    const state = remembered?.state ?? installWindows(host, clock.now(), chance);
    this.#server = server;
    this.#faults = new HostFaults(host.faults, remembered?.answersToLose);
    this.windows = new SimulatedWindows(state, {
      clock,
      ...(onChange === undefined ? {} : { onChange }),
    });
    this.#winrm = this.#listenerOf(options, log);
    this.#power = new HostPower({
      ...{ windows: this.windows, server, timers, chance, faults: host.faults, timing: scenario.reboot },
      endShells: () => this.#winrm.restart(),
      onBoot: () => {
        const { state: now } = this.windows;
        log({ event: 'reboot', bootTime: now.bootTime, bootId: bootId(now) });
      },
    });
  }

  get address(): string {
    return this.#server.address;
  }

  get port(): number {
    return this.#server.port;
  }

  snapshot(): HostSnapshot {
    return { port: this.port, state: this.windows.state, answersToLose: this.#faults.answersToLose() };
  }

  async close(): Promise<void> {
    this.#power.close();
    await this.#winrm.restart();
    await this.#server.close();
  }

  /** A restart that the last start of the lab did not live to see happens now. */
  async #settle(): Promise<void> {
    const wasGoingDown = this.windows.state.shutdown?.by === 'request';
    if (this.#faults.has('unreachable') || (wasGoingDown && this.#faults.has('stays-down')))
      await this.#server.suspend();
    else if (wasGoingDown) this.windows.boot();
  }

  #listenerOf(options: FleetOptions, log: (event: WindowsEvent | HostEvent) => void): WinrmHost {
    const { catalog, clock, timers, entropy, accounts } = options;
    const { computerName, domain, build, powershell } = this.windows.state;
    const engine = new ModelEngine({
      ...{ windows: this.windows, catalog, log },
      onShutdown: (delay) => {
        this.#power.restart(delay);
      },
      sabotage: (script) => this.#faults.thrownBy(script),
      losesAnswer: (script) => this.#losesAnswer(script),
    });
    const psrp = {
      psVersion: powershell,
      protocolVersion: protocolOf(powershell),
      maxFragmentBytes,
    } as const;
    return new WinrmHost({
      ...{ name: computerName, domain: (domain.split('.')[0] ?? domain).toUpperCase() },
      ...{ timers, entropy, backends: psrpBackends(engine, psrp) },
      log: (event) => {
        if (event.event === 'request') this.#power.answered(event);
        log(event);
      },
      lookup: (user, userDomain) =>
        this.#faults.has('denied') ? undefined : passwordOf(accounts, user, userDomain),
      now: () => instant(clock.now() + this.windows.state.clockOffsetMs),
      maxEnvelopeBytes: build < envelopeBytes.since ? envelopeBytes.old : envelopeBytes.now,
      misbehave: () => (this.#power.isStarting ? 'unavailable' : this.#faults.misbehaviour),
    });
  }

  #losesAnswer(script: string): boolean {
    if (!this.#faults.takeLostAnswer(script)) return false;
    this.#server.dropConnections();
    return true;
  }
}

/** Lets a listener take its port before the host behind it is made. */
class Door implements HttpHandler {
  #handler: HttpHandler | undefined;

  open(handler: HttpHandler): void {
    this.#handler = handler;
  }

  connected(connection: number): void {
    this.#handler?.connected(connection);
  }

  async request(request: Parameters<HttpHandler['request']>[0]): ReturnType<HttpHandler['request']> {
    return this.#handler === undefined ? 'drop' : this.#handler.request(request);
  }

  disconnected(connection: number): void {
    this.#handler?.disconnected(connection);
  }
}

/** What each PowerShell speaks: 2.0 says 2.1, 3.0 and 4.0 say 2.2, later ones 2.3. */
function protocolOf(powershell: string): '2.1' | '2.2' | '2.3' {
  const major = Number(powershell.split('.')[0]);
  return major < 3 ? '2.1' : major < 5 ? '2.2' : '2.3';
}

function passwordOf(accounts: ReadonlyMap<string, Secret>, user: string, domain: string): Secret | undefined {
  const named = (domain === '' ? user : `${domain}\\${user}`).toLowerCase();
  for (const [account, password] of accounts) {
    const name = account.toLowerCase();
    // An account without a domain may log on from any.
    if (name === named || name === user.toLowerCase()) return password;
  }
  return undefined;
}
