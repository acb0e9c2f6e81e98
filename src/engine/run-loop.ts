import type { Result } from '../core/result.ts';
import { err, ok } from '../core/result.ts';
import { formatInstant, milliseconds } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { EventDraft, RunEvent } from '../model/event.ts';
import type { Intent } from '../model/intent.ts';
import type { IntentOutcome } from '../model/intent-outcome.ts';
import { decide, isQuiet } from '../run/decide.ts';
import { Openings } from '../run/openings.ts';
import { steer } from '../run/steer.ts';
import type { RunState } from '../run/state.ts';
import type { EngineOptions, EnginePorts } from './engine-ports.ts';
import { InFlight } from './in-flight.ts';
import { commit, prepare } from './run-journal.ts';

/** How often the inbox is looked at while nothing else happens. */
const inboxPoll = milliseconds(250);

type StopReason = 'ended' | 'interrupted' | 'once';

/**
 * The loop of one controller: take in what happened, decide, make it durable, start what was decided, wait.
 *
 * All knowledge is in the journal and all judgement in `run/`; the loop orders the two so that nothing is sent that is
 * not on record. A decision's events and intents become durable in one commit, before any of them takes effect.
 */
export class RunLoop {
  readonly #ports: EnginePorts;
  readonly #options: EngineOptions;
  readonly #openings: Openings;
  readonly #inFlight: InFlight;
  #state: RunState;
  #batch: RunEvent[] = [];
  #wakeAt: Instant | undefined;

  constructor(state: RunState, uncommitted: readonly RunEvent[], ports: EnginePorts, options: EngineOptions) {
    this.#state = state;
    this.#batch = [...uncommitted];
    this.#ports = ports;
    this.#options = options;
    this.#openings = new Openings(state.plan.calendar);
    this.#inFlight = new InFlight(ports, options);
  }

  /** Runs until the run ends, is interrupted, or (with `once`) nothing can be done now. Failure `journal.*`. */
  async run(): Promise<Result<RunState>> {
    for (const open of this.#state.inFlight.values()) this.#inFlight.reconcile(open);
    for (;;) {
      const taken = this.#takeIn();
      if (!taken.ok) return this.#giveUp(taken.error);
      const intents = this.#decide();
      const stop = intents.length === 0 ? this.#stopReason() : undefined;
      if (stop !== undefined) this.#record([this.#stopped(stop)]);
      const committed = this.#commit();
      if (!committed.ok) return this.#giveUp(committed.error);
      if (stop !== undefined) return ok(this.#state);
      for (const intent of intents) this.#inFlight.start(intent);
      await this.#wait();
      if (this.#options.detach?.aborted === true) return ok(this.#state);
    }
  }

  /** Records outcomes, commands and an interruption. */
  #takeIn(): Result<void> {
    for (const { id, outcome } of this.#inFlight.takeSettled())
      this.#record([settled(this.#state, id, outcome)]);
    const messages = this.#ports.inbox.read(this.#state.run, this.#state.inboxSeen);
    if (!messages.ok) return messages;
    for (const message of messages.value) this.#record([steer(this.#state, message.body, message.id)]);
    const isInterrupted = this.#options.interrupt?.aborted === true;
    if (isInterrupted && !this.#state.interrupted && this.#state.ended === undefined)
      this.#record([{ type: 'run.interrupted', data: { signal: 'SIGINT' } }]);
    return ok(undefined);
  }

  /** Asks the policy until it has nothing more to record; the intents are recorded, and not yet durable. */
  #decide(): readonly Intent[] {
    const started: Intent[] = [];
    for (;;) {
      const { events, intents, wakeAt } = decide(this.#state, this.#ports.clock.now(), this.#openings);
      this.#wakeAt = wakeAt;
      if (events.length === 0 && intents.length === 0) return started;
      this.#record(events);
      this.#record(intents.map(recorded));
      started.push(...intents);
    }
  }

  #record(drafts: readonly EventDraft[]): void {
    const { events, state } = prepare(this.#state, drafts, this.#ports.clock.now());
    this.#state = state;
    this.#batch.push(...events);
  }

  #commit(): Result<void> {
    const events = this.#batch;
    if (events.length === 0) return ok(undefined);
    this.#options.crashPoint?.('before-commit');
    const committed = commit(this.#ports.journal, this.#state.run, events);
    if (!committed.ok) return committed;
    this.#batch = [];
    this.#options.crashPoint?.('after-commit');
    for (const event of events) this.#options.onEvent?.(event, this.#state);
    return committed;
  }

  #stopReason(): StopReason | undefined {
    if (this.#state.ended !== undefined) return 'ended';
    if (!isQuiet(this.#state)) return undefined;
    if (this.#state.interrupted) return 'interrupted';
    return this.#options.once === true ? 'once' : undefined;
  }

  #stopped(reason: StopReason): EventDraft {
    const next = this.#wakeAt === undefined ? null : formatInstant(this.#wakeAt);
    return { type: 'controller.stopped', data: { reason, next: reason === 'ended' ? null : next } };
  }

  /** Until an outcome, a command, an interruption, or the time that the policy named. */
  async #wait(): Promise<void> {
    const { clock, timers, inbox } = this.#ports;
    const { interrupt, detach } = this.#options;
    const woken = new AbortController();
    const wake = (): void => {
      woken.abort();
    };
    const sources = [detach, this.#state.interrupted ? undefined : interrupt];
    for (const source of sources) source?.addEventListener('abort', wake, { once: true });
    if (sources.some((source) => source?.aborted === true)) wake();
    this.#inFlight.onSettled(wake);
    // The policy's clock may jump, so it is slept on only while nothing is in flight.
    if (this.#inFlight.isEmpty && this.#wakeAt !== undefined)
      void clock.sleepUntil(this.#wakeAt, woken.signal).then(wake);
    while (!woken.signal.aborted) {
      await timers.sleep(inboxPoll, woken.signal);
      const messages = inbox.read(this.#state.run, this.#state.inboxSeen);
      if (!messages.ok || messages.value.length > 0) wake();
      if (this.#wakeAt !== undefined && clock.now() >= this.#wakeAt) wake();
    }
    for (const source of sources) source?.removeEventListener('abort', wake);
  }

  /** Nothing can be put on record any more, so nothing is started; what is in flight is waited for, not recorded. */
  async #giveUp(error: (Result<never> & { ok: false })['error']): Promise<Result<RunState>> {
    await this.#inFlight.drain();
    return err(error);
  }
}

function recorded(intent: Intent): EventDraft {
  return { type: 'intent.recorded', host: intent.host, phase: intent.phase, data: { intent } };
}

function settled(state: RunState, id: string, outcome: IntentOutcome): EventDraft {
  const entry = state.inFlight.get(id);
  const at = entry === undefined ? {} : { host: entry.intent.host, phase: entry.intent.phase };
  return { type: 'intent.settled', ...at, data: { intent: id, outcome } };
}
