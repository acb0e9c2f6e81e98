import type { Failure } from '../core/failure.ts';
import { milliseconds, minutes, seconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Timers } from '../ports/timers.ts';
import { backOff } from './back-off.ts';

/** A request that waits for the host to be ready for it. */
export interface Waiting {
  readonly host: string;
  /** `Create` and the like. */
  readonly action: string;
  /** `quota`: no room for another shell, command or user; `unavailable`: the WinRM service is starting. */
  readonly why: 'quota' | 'unavailable';
  /** Times that it was refused for this reason, from 1. */
  readonly attempt: number;
  /** Until the next try. */
  readonly delay: Duration;
  readonly refusal: Failure;
}

/** How long a host that is not ready is waited for; 0 does not wait. */
export interface Patience {
  /** While it has no room; 2 minutes unless given. */
  readonly quota?: Duration;
  /** While its service is starting (HTTP 503); 30 seconds unless given. */
  readonly unavailable?: Duration;
}

export interface WaitOptions {
  readonly entropy: Entropy;
  readonly timers: Timers;
  readonly patience?: Patience;
  /** Hears of each wait, so that people see waiting and not silence. */
  readonly onWait?: (waiting: Waiting) => void;
}

const defaults = { quota: minutes(2), unavailable: seconds(30) } as const;
const backOffs = {
  quota: { first: seconds(1), most: seconds(15) },
  unavailable: { first: milliseconds(500), most: seconds(5) },
} as const;

/** The waits of one request, each reason with its own limit. */
export class Waits {
  readonly #options: WaitOptions;
  readonly #attempts = { quota: 0, unavailable: 0 };
  readonly #since = { quota: 0, unavailable: 0 };

  constructor(options: WaitOptions) {
    this.#options = options;
  }

  /** Waits a little, and longer each time; false, at once, where the limit would be passed. */
  async wait(
    refused: Pick<Waiting, 'host' | 'action' | 'why' | 'refusal'>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { timers, entropy, patience, onWait } = this.#options;
    const { why } = refused;
    const attempt = (this.#attempts[why] += 1);
    if (attempt === 1) this.#since[why] = timers.monotonic();
    const delay = backOff(backOffs[why], attempt, entropy);
    if (this.waited(why) + delay >= (patience?.[why] ?? defaults[why])) return false;
    onWait?.({ ...refused, attempt, delay });
    await timers.sleep(delay, signal);
    return true;
  }

  /** Since the first refusal for this reason. */
  waited(why: Waiting['why']): Duration {
    return milliseconds(this.#options.timers.monotonic() - this.#since[why]);
  }
}
