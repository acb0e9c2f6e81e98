import { milliseconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { HostFault, Scenario } from '../model/scenario.ts';
import type { HttpServer } from '../ports/http-listener.ts';
import type { Timers } from '../ports/timers.ts';
import type { Chance } from './prng.ts';
import type { HostEvent } from './server/host-event.ts';
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

const quietSteps = 10;

/** A restart that Windows has agreed to. */
interface DueRestart {
  /** Monotonic time. */
  readonly until: number;
  /** The last connection that had been used by then. */
  readonly newest: number;
  isAnswered: boolean;
}

/** Takes one host through its restarts in real time: WinRM ends, the port refuses, 503 for a while, another boot. */
export class HostPower {
  readonly #options: HostPowerOptions;
  #isStarting = false;
  #isClosed = false;
  #bootsOfItsOwn: number;
  #newestConnection = 0;
  #due: DueRestart | undefined;
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
   * Carries out the restart that Windows has agreed to: soon after the client has fetched the answer, and at the latest
   * when the delay that was asked for is over.
   */
  restart(delay: Duration): void {
    const until = this.#options.timers.monotonic() + delay;
    this.#due = { until, newest: this.#newestConnection, isAnswered: false };
    this.#after(delay, () => this.#end());
  }

  /** WinRM has answered a request; a restart that is due waits until those who were there before it are silent. */
  answered({ connection, action, status }: Extract<HostEvent, { event: 'request' }>): void {
    this.#newestConnection = Math.max(this.#newestConnection, connection);
    // Who connects now is waiting for the restart, and would hold it up.
    if (this.#due === undefined || connection > this.#due.newest) return;
    this.#due.isAnswered ||= action === 'Receive' && status === 200;
    if (this.#due.isAnswered) this.#awaitQuiet(this.#length(this.#options.timing.quietMs), quietSteps);
  }

  /** Starts nothing any more. */
  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  /** In steps, so that a process that was held up, client and all, does not take the time for silence. */
  #awaitQuiet(length: Duration, steps: number): void {
    const left = Math.max(0, (this.#due?.until ?? 0) - this.#options.timers.monotonic());
    this.#after(milliseconds(Math.min(length / quietSteps, left)), () => {
      if (steps === 1) this.#end();
      else this.#awaitQuiet(length, steps - 1);
    });
  }

  #end(): void {
    this.#due = undefined;
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
