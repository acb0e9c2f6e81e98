import { instant, minutes, plus, seconds } from '../../src/core/time.ts';
import type { Duration, Instant } from '../../src/core/time.ts';
import { seededChance } from '../../src/lab/prng.ts';
import type { Chance } from '../../src/lab/prng.ts';
import type { SteeringCommand } from '../../src/model/command.ts';
import type { EventDraft, RunEvent } from '../../src/model/event.ts';
import type { Intent } from '../../src/model/intent.ts';
import type { IntentOutcome } from '../../src/model/intent-outcome.ts';
import { begin, prepare } from '../../src/engine/run-journal.ts';
import { decide } from '../../src/run/decide.ts';
import { fold } from '../../src/run/fold.ts';
import { Openings } from '../../src/run/openings.ts';
import type { RunState } from '../../src/run/state.ts';
import { steer } from '../../src/run/steer.ts';
import { perform, reconcile } from './controller.ts';
import type { Happening, Outbox } from './controller.ts';
import { simulationStart } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { World } from './world.ts';
import type { Effect } from './world.ts';

export interface HistoryOptions {
  /** Share of moments at which the controller dies; 0 for none. */
  readonly crashes?: number;
  /** Crash once, right after the journal has this many events, and never again. */
  readonly crashAfterEvents?: number;
}

export interface History {
  readonly scenario: Scenario;
  readonly events: readonly RunEvent[];
  readonly effects: readonly Effect[];
  readonly state: RunState;
  readonly crashes: number;
}

const longest: Duration = minutes(60 * 24 * 90);

/** One run of a scenario from its beginning to its end, in simulated time. */
export function simulate(scenario: Scenario, options: HistoryOptions = {}): History {
  const simulation = new Simulation(scenario, options);
  simulation.run();
  return {
    scenario,
    events: simulation.journal,
    effects: simulation.world.effects,
    state: simulation.state,
    crashes: simulation.crashes,
  };
}

class Simulation {
  readonly world: World;
  /** What is durable. */
  readonly journal: RunEvent[] = [];
  state: RunState;
  crashes = 0;
  readonly #scenario: Scenario;
  readonly #options: HistoryOptions;
  readonly #chance: Chance;
  readonly #openings: Openings;
  #now = simulationStart;
  #controller = 0;
  #happenings: Happening[] = [];
  #settled: { intent: Intent; outcome: IntentOutcome }[] = [];
  readonly #inbox: SteeringCommand[] = [];
  #isDown = false;

  constructor(scenario: Scenario, options: HistoryOptions) {
    this.#scenario = scenario;
    this.#options = options;
    this.#chance = seededChance(`${scenario.seed}/history`);
    this.#openings = new Openings(scenario.plan.calendar);
    this.world = new World(scenario, this.#now);
    const run = `run-${scenario.seed}`;
    const started = begin({ type: 'run.started', data: { plan: scenario.plan, by: 'sim' } }, run, this.#now);
    this.journal.push(...started.events);
    this.state = started.state;
    if (!scenario.calm) this.#planCommands();
  }

  run(): void {
    const end = plus(this.#now, longest);
    while (this.#now < end) {
      const wake = this.#control();
      const times = [wake, ...this.#happenings.map(({ at }) => at)];
      const next = Math.min(...times.filter((at) => at !== undefined));
      if (!Number.isFinite(next)) return;
      this.#now = instant(Math.max(next, this.#now));
      this.#happen();
    }
  }

  /** One round of the controller; the next time at which it wants to look. */
  #control(): Instant | undefined {
    if (this.#isDown) return undefined;
    const batch: RunEvent[] = [];
    let state = this.state;
    const record = (drafts: readonly EventDraft[]): void => {
      const prepared = prepare(state, drafts, this.#now);
      state = prepared.state;
      batch.push(...prepared.events);
    };
    for (const { intent, outcome } of this.#settled)
      record([
        {
          type: 'intent.settled',
          host: intent.host,
          phase: intent.phase,
          data: { intent: intent.id, outcome },
        },
      ]);
    for (const [index, command] of this.#inbox.entries())
      if (index + 1 > state.inboxSeen) record([steer(state, command, index + 1)]);
    const started: Intent[] = [];
    let wake: Instant | undefined;
    for (;;) {
      const decision = decide(state, this.#now, this.#openings);
      wake = decision.wakeAt;
      if (decision.events.length + decision.intents.length === 0) break;
      record(decision.events);
      record(decision.intents.map(recorded));
      started.push(...decision.intents);
    }
    if (batch.length > 0 && this.#dies()) {
      this.#restart();
      return;
    }
    this.#settled = [];
    this.journal.push(...batch);
    this.state = state;
    for (const event of batch) this.#react(event);
    for (const intent of started) {
      if (this.#dies()) {
        this.#restart();
        return;
      }
      perform(this.world, intent, this.#now, { chance: this.#intentChance(intent), out: this.#outbox() });
    }
    if (batch.length > 0 && this.#dies()) {
      this.#restart();
      return;
    }
    return wake;
  }

  #intentChance(intent: Intent): Chance {
    return seededChance(`${this.#scenario.seed}/delay/${intent.id}`);
  }

  #dies(): boolean {
    const { crashes = 0, crashAfterEvents } = this.#options;
    if (crashAfterEvents !== undefined) return this.crashes === 0 && this.journal.length >= crashAfterEvents;
    return crashes > 0 && this.#chance.next() < crashes;
  }

  /** The controller's memory is gone; what it had sent is not. A new one comes after a while. */
  #restart(): undefined {
    this.crashes += 1;
    this.#controller += 1;
    this.#settled = [];
    const out = this.#outbox();
    const back = plus(this.#now, seconds(this.#chance.between([1, 900])));
    out.forMe(back, () => {
      this.#isDown = false;
      this.state = fold(this.journal);
      for (const { intent } of this.state.inFlight.values()) reconcile(this.world, intent, back, out);
    });
    this.#isDown = true;
    return undefined;
  }

  #outbox(): Outbox {
    const controller = this.#controller;
    const add = (happening: Happening): void => {
      this.#happenings.push(happening);
    };
    return {
      inWorld: (at, act) => add({ at, controller: undefined, act }),
      forMe: (at, act) => add({ at, controller, act }),
      settle: (intent, outcome) => {
        if (controller === this.#controller) this.#settled.push({ intent, outcome });
      },
    };
  }

  #happen(): void {
    for (;;) {
      const index = this.#happenings.findIndex(({ at }) => at <= this.#now);
      const [happening] = index < 0 ? [] : this.#happenings.splice(index, 1);
      if (happening === undefined) return;
      if (happening.controller === undefined || happening.controller === this.#controller) happening.act();
    }
  }

  /** People look at the run as well: they answer gates, and sooner or later go on with what was stopped. */
  #react(event: RunEvent): void {
    const after = (wait: Duration, command: SteeringCommand): void => {
      this.#post(plus(this.#now, wait), command);
    };
    const said = { by: 'sim', reason: 'looked at it' };
    if (event.type === 'gate.waiting') after(minutes(50), { command: 'promote', ...said });
    if (event.type === 'run.paused') after(minutes(90), { command: 'continue', ...said });
    if (event.type === 'run.ended' && event.data.state === 'stopped' && this.state.trips.length < 3)
      after(minutes(90), { command: 'continue', ...said });
    const isQuarantined = event.type === 'host.finished' && event.data.outcome === 'unknown';
    if (isQuarantined && event.host !== undefined && this.#chance.next() < 0.5)
      after(minutes(200), { command: 'release', host: event.host, ...said });
  }

  #planCommands(): void {
    const said = { by: 'sim', reason: 'because' };
    const hosts = this.#scenario.plan.hosts.map(({ host }) => host);
    const at = (): Instant => plus(simulationStart, minutes(this.#chance.between([0, 2000])));
    if (this.#chance.next() < 0.3) this.#post(at(), { command: 'pause', ...said });
    if (this.#chance.next() < 0.05) this.#post(at(), { command: 'abort', ...said });
    if (this.#chance.next() < 0.3) {
      const host = this.#chance.pick(hosts as [string, ...string[]]);
      const held = at();
      this.#post(held, { command: 'hold', host, ...said });
      const released = plus(held, minutes(this.#chance.between([1, 1000])));
      this.#post(released, { command: 'release', host, ...said });
    }
  }

  #post(at: Instant, command: SteeringCommand): void {
    this.#outbox().inWorld(at, () => this.#inbox.push(command));
  }
}

function recorded(intent: Intent): EventDraft {
  return { type: 'intent.recorded', host: intent.host, phase: intent.phase, data: { intent } };
}
