import { milliseconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { HostFault, Scenario } from '../model/scenario.ts';
import type { HttpServer } from '../ports/http-listener.ts';
import type { Timers } from '../ports/timers.ts';
import type { Chance } from './prng.ts';
import type { SimulatedWindows } from './windows/simulated-windows.ts';

export interface HostPowerOptions {
  readonly windows: SimulatedWindows;
  readonly server: Pick<HttpServer, 'dropConnections' | 'suspend' | 'resume'>;
  /** Ends every shell on the host. */
  readonly endShells: () => Promise<void>;
  readonly timers: Timers;
  readonly chance: Chance;
  readonly timing: Scenario['reboot'];
  readonly faults: readonly HostFault[];
  readonly onBoot: () => void;
}

/** How soon a port that somebody else has taken meanwhile is tried again. */
const portRetry = milliseconds(50);

/** A restart that waits for a quiet moment, until a monotonic time at the latest. */
interface Quiet {
  readonly until: number;
  readonly pause: Duration;
}

/** Takes one host through its restarts in real time: WinRM ends, the port refuses, 503 for a while, another boot. */
export class HostPower {
  readonly #options: HostPowerOptions;
  #isStarting = false;
  #isClosed = false;
  #bootsOfItsOwn: number;
  #quiet: Quiet | undefined;
  #cancel: () => void = () => undefined;

  constructor(options: HostPowerOptions) {
    this.#options = options;
    this.#bootsOfItsOwn = this.#faults('second-reboot').length;
  }

  /** Whether WinRM listens, but is not ready. */
  get isStarting(): boolean {
    return this.#isStarting;
  }

  /**
   * Carries out the restart that Windows has agreed to: as soon as WinRM has been quiet for a moment, so that the answer
   * has arrived, and at the latest when the delay that was asked for is over.
   */
  restart(delay: Duration): void {
    const { timers, timing } = this.#options;
    this.#quiet = { until: timers.monotonic() + delay, pause: this.#length(timing.quietMs) };
    this.#awaitQuiet(this.#quiet);
  }

  /** Somebody talks to the host, so a restart that is due waits a little longer. */
  touch(): void {
    if (this.#quiet !== undefined) this.#awaitQuiet(this.#quiet);
  }

  /** Starts nothing any more. */
  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  #awaitQuiet({ until, pause }: Quiet): void {
    const left = milliseconds(Math.max(0, until - this.#options.timers.monotonic()));
    this.#after(milliseconds(Math.min(pause, left)), () => {
      // Once more around the event loop: what has arrived by now is read before connections are reset.
      this.#after(milliseconds(1), () => this.#end());
    });
  }

  #end(): void {
    this.#quiet = undefined;
    this.#options.windows.goDown();
    const lingering = this.#faults('lingers').reduce((sum, { forMs }) => sum + forMs, 0);
    if (lingering === 0) void this.#goDown();
    else this.#after(milliseconds(lingering), () => void this.#goDown());
  }

  async #goDown(): Promise<void> {
    const { server, endShells, timing } = this.#options;
    this.#isStarting = false;
    await server.suspend();
    server.dropConnections();
    await endShells();
    if (this.#faults('stays-down').length > 0) return;
    const extra = this.#faults('slow-reboot').reduce((sum, { extraMs }) => sum + extraMs, 0);
    this.#after(milliseconds(this.#length(timing.downMs) + extra), () => void this.#comeUp());
  }

  async #comeUp(): Promise<void> {
    const { windows, server, onBoot, timing } = this.#options;
    windows.boot();
    onBoot();
    this.#isStarting = true;
    await this.#listen(server);
    this.#after(this.#length(timing.startingMs), () => {
      this.#isStarting = false;
      this.#perhapsOnceMore();
    });
  }

  async #listen(server: HostPowerOptions['server']): Promise<void> {
    while (!this.#isClosed) {
      const listening = await server.resume();
      if (listening.ok) return;
      await this.#options.timers.sleep(portRetry, new AbortController().signal);
    }
  }

  #perhapsOnceMore(): void {
    const [again] = this.#faults('second-reboot');
    if (again === undefined || this.#bootsOfItsOwn === 0) return;
    this.#bootsOfItsOwn -= 1;
    this.#after(milliseconds(again.afterMs), () => {
      this.#options.windows.goDown();
      void this.#goDown();
    });
  }

  #after(delay: Duration, act: () => void): void {
    this.#cancel();
    if (!this.#isClosed) this.#cancel = this.#options.timers.after(delay, act);
  }

  #length(range: readonly [from: number, to: number]): Duration {
    return milliseconds(this.#options.chance.between(range));
  }

  #faults<K extends HostFault['kind']>(kind: K): readonly Extract<HostFault, { kind: K }>[] {
    return this.#options.faults.filter((it): it is Extract<HostFault, { kind: K }> => it.kind === kind);
  }
}
