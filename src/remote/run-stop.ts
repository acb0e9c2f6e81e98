import { seconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { Timers } from '../ports/timers.ts';

/** What stopping can do to a pipeline or process, gentlest first. */
export interface StopSteps {
  /** Asks it to stop. */
  ask(signal: AbortSignal): Promise<unknown>;
  /** Ends it without asking. */
  terminate(signal: AbortSignal): Promise<unknown>;
  /** Stops waiting for its end, which stays unknown. */
  giveUp(): void;
  /** Deletes the shell it runs in, with all else that runs there. */
  deleteShell(): void;
}

/** What was asked to stop gets this long to say that it did. */
const stopGrace = seconds(5);
/** What was terminated is given up after this long. */
const terminateGrace = seconds(2);

type Stage = 'running' | 'asked' | 'terminated' | 'given-up';

/**
 * Brings a pipeline or process to its end: asks, terminates, gives up, each after a grace or at once when it is
 * demanded again. Only a person who demands it a third time deletes the shell, since others may run in it.
 */
export class RunStop {
  readonly #timers: Timers;
  readonly #steps: StopSteps;
  #stage: Stage = 'running';
  #isStarted = false;
  #pending = new AbortController();
  #cancelGrace: () => void = () => undefined;

  constructor(timers: Timers, steps: StopSteps) {
    this.#timers = timers;
    this.#steps = steps;
  }

  /** Whether anybody wants it to end. */
  get isAsked(): boolean {
    return this.#stage !== 'running';
  }

  /** Whether the host was told to end it without asking, so that no Terminate is owed. */
  get isTerminated(): boolean {
    return this.#stage === 'terminated' && this.#isStarted;
  }

  /** The host knows it now, so that what was demanded meanwhile can be sent. */
  started(): void {
    this.#isStarted = true;
    this.#send();
  }

  /** Asks it to stop, and gives it up after a grace of its own, without a word more. */
  hurry(grace: Duration): void {
    if (this.#stage !== 'running') return;
    this.#enter('asked', grace, () => this.#giveUp());
  }

  /** Each demand goes one step further. */
  demand(): void {
    if (this.#stage === 'terminated') this.#steps.deleteShell();
    this.#advance();
  }

  /** It has ended, or is given up: what is still being said about it hangs, and would keep others waiting. */
  end(): void {
    this.#cancelGrace();
    this.#stage = 'given-up';
    // With a reason, since the default one is an error with a stack trace, made for every pipeline.
    this.#pending.abort('ended');
  }

  #advance(): void {
    this.#cancelGrace();
    if (this.#stage === 'running') this.#enter('asked', stopGrace);
    else if (this.#stage === 'asked' && this.#isStarted) this.#enter('terminated', terminateGrace);
    else this.#giveUp();
  }

  #enter(stage: 'asked' | 'terminated', grace: Duration, next = (): void => this.#advance()): void {
    this.#stage = stage;
    this.#cancelGrace = this.#timers.after(grace, next);
    this.#send();
  }

  #giveUp(): void {
    if (this.#stage === 'given-up') return;
    this.end();
    this.#steps.giveUp();
  }

  #send(): void {
    if (!this.#isStarted || (this.#stage !== 'asked' && this.#stage !== 'terminated')) return;
    // The step before may hang on its connection.
    this.#pending.abort();
    this.#pending = new AbortController();
    const { signal } = this.#pending;
    // Whatever is answered: the Receive sees the end, or the grace runs out.
    void (this.#stage === 'asked' ? this.#steps.ask(signal) : this.#steps.terminate(signal));
  }
}
