import { formatInstant, hours, instant, milliseconds, parseInstant, plus } from '../../core/time.ts';
import type { Instant } from '../../core/time.ts';
import type { FieldSource } from '../../control/declaration.ts';
import type { StateValue } from '../../model/observation.ts';
import type { WindowsState } from '../../model/windows-state.ts';
import type { Clock } from '../../ports/clock.ts';
import { withBoot, withEvent } from './boot.ts';
import { withPoliciesApplied } from './policies.ts';
import { readSource } from './read-source.ts';

/** Security settings come back at the latest after this long, even when the policy did not change. */
const policyRefresh = hours(16);
const second = milliseconds(1000);

/** What `shutdown.exe` answers. */
export const shutdownCodes = { accepted: 0, inProgress: 1115, alreadyScheduled: 1190 } as const;

/**
 * One Windows over time, as far as Countersign can see it: settings, features, services, policies, boots.
 *
 * It has no network and no timers; a restart happens when its owner says so.
 */
export class SimulatedWindows {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  #state: WindowsState;
  #goingDown = false;

  constructor(state: WindowsState, options: { readonly clock: Clock; readonly onChange?: () => void }) {
    this.#state = state;
    this.#clock = options.clock;
    this.#onChange = options.onChange ?? (() => undefined);
  }

  /** Everything it remembers, after whatever was due by now. */
  get state(): WindowsState {
    const appliedAt = parseInstant(this.#state.policiesAppliedAt) ?? instant(0);
    if (this.now() >= plus(appliedAt, policyRefresh)) this.refreshPolicies();
    return this.#state;
  }

  /** The host's own clock. */
  now(): Instant {
    return instant(this.#clock.now() + this.#state.clockOffsetMs);
  }

  read(source: FieldSource): StateValue {
    return readSource(this.state, source);
  }

  /** Replaces the state by what `change` makes of it. */
  update(change: (state: WindowsState) => WindowsState): void {
    const changed = change(this.state);
    if (changed === this.#state) return;
    this.#state = changed;
    this.#onChange();
  }

  /** `gpupdate`: every managed value is set again. */
  refreshPolicies(): void {
    this.#state = withPoliciesApplied(this.#state, this.#text(this.now()));
    this.#onChange();
  }

  /**
   * `shutdown.exe /r`: schedules a restart and leaves its comment in the event log.
   *
   * @returns The exit code; 0 when Windows agreed.
   */
  requestShutdown(comment: string, user: string): number {
    const refused = this.#state.shutdownExitCode;
    if (refused !== shutdownCodes.accepted) return refused;
    if (this.#goingDown) return shutdownCodes.inProgress;
    if (this.#state.shutdown !== null) return shutdownCodes.alreadyScheduled;
    const { computerName } = this.#state;
    const process = String.raw`C:\Windows\System32\shutdown.exe (${computerName})`;
    const reason = 'Operating System: Reconfiguration (Planned)';
    const values = [process, computerName, reason, '0x80020004', 'restart', comment, user];
    const event = { provider: 'User32', id: 1074, at: this.#text(this.now()), values };
    this.update((state) => withEvent({ ...state, shutdown: { comment, by: 'request' } }, event));
    return shutdownCodes.accepted;
  }

  /** The restart has begun: no other can be asked for. */
  goDown(): void {
    this.#goingDown = true;
  }

  /** Comes up again: what was pending is done, and the boot is another one. */
  boot(): void {
    const last = parseInstant(this.#state.bootTime) ?? instant(0);
    const at = instant(Math.max(this.now(), plus(last, second)));
    this.#goingDown = false;
    this.update((state) => withBoot(state, this.#text(at)));
  }

  #text(at: Instant): string {
    return formatInstant(at);
  }
}
