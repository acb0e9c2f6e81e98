import type { Intent } from '../model/intent.ts';
import type { IntentOutcome } from '../model/intent-outcome.ts';
import type { EngineOptions, EnginePorts, OpenIntent } from './engine-ports.ts';
import { outcomeOf } from './outcome-of.ts';

interface Settled {
  readonly id: string;
  readonly outcome: IntentOutcome;
}

/** The effects that are under way in this process, and those that ended and wait to be recorded. */
export class InFlight {
  readonly #ports: EnginePorts;
  readonly #options: EngineOptions;
  readonly #running = new Map<string, Promise<void>>();
  readonly #detach: AbortSignal;
  #settled: Settled[] = [];
  #onSettled: (() => void) | undefined;

  constructor(ports: EnginePorts, options: EngineOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#detach = options.detach ?? new AbortController().signal;
  }

  get isEmpty(): boolean {
    return this.#running.size === 0 && this.#settled.length === 0;
  }

  /** Carries out an intent that is durable. */
  start(intent: Intent): void {
    this.#options.crashPoint?.('before-effect');
    this.#track(intent, this.#ports.dispatcher.perform(intent, this.#detach));
  }

  /** Finds out what became of an intent of a controller that died. */
  reconcile(open: OpenIntent): void {
    this.#track(open.intent, this.#ports.reconciler.perform(open, this.#detach));
  }

  /** Calls `act` once when something has settled; at once where something already has. */
  onSettled(act: () => void): void {
    this.#onSettled = act;
    if (this.#settled.length > 0) act();
  }

  takeSettled(): readonly Settled[] {
    const settled = this.#settled;
    this.#settled = [];
    return settled;
  }

  /** Waits until nothing runs any more. */
  async drain(): Promise<void> {
    for (const running of [...this.#running.values()]) await running;
  }

  #track(intent: Intent, performed: Promise<IntentOutcome>): void {
    const running = performed
      .catch((bug: unknown) => outcomeOf(intent, 'unknown', `our own bug: ${String(bug)}`))
      .then((outcome) => {
        this.#running.delete(intent.id);
        // Let go of: the next controller reconciles it.
        if (this.#detach.aborted) return;
        this.#options.crashPoint?.('after-effect');
        this.#settled.push({ id: intent.id, outcome });
        this.#onSettled?.();
      });
    this.#running.set(intent.id, running);
  }
}
