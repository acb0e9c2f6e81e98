import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unwrap } from '../../src/core/result.ts';
import { formatInstant } from '../../src/core/time.ts';
import type { EngineOptions, EnginePorts } from '../../src/engine/engine-ports.ts';
import { runEngine } from '../../src/engine/run-engine.ts';
import { readRun } from '../../src/engine/run-journal.ts';
import type { RunEvent } from '../../src/model/event.ts';
import type { Intent } from '../../src/model/intent.ts';
import type { Plan } from '../../src/model/plan.ts';
import { exitCodeOf, hostOutcome } from '../../src/run/outcomes.ts';
import type { RunState } from '../../src/run/state.ts';
import { FileFleet } from './kill/file-fleet.ts';
import { hastyTimers, JumpingClock, MemoryInbox, MemoryJournal, MemoryLock } from './memory-stores.ts';
import { hostOf, phaseOf, planOf } from './plan-fixture.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'countersign-engine-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const hosts = ['a', 'b', 'c'];
const night = { days: ['mon' as const], start: '22:00', duration: '6h', timezone: 'UTC', cutoff: 'auto' };

function planWith(members: Partial<Plan> = {}): Plan {
  return planOf({
    hosts: hosts.map((host) => hostOf(host, ['disable'])),
    phases: [phaseOf('disable', hosts, { concurrency: 2 })],
    ...members,
  });
}

/** Everything an engine needs, over a fleet of its own; `resume` goes on with the same stores. */
function bench(plan: Plan) {
  const journal = new MemoryJournal();
  const inbox = new MemoryInbox();
  const lock = new MemoryLock();
  // A Monday, two hours before the window opens.
  const clock = new JumpingClock('2026-11-23T20:00:00Z');
  const timers = hastyTimers();
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const fleet = new FileFleet(join(directory, 'fleet.ndjson'), plan, clock, turn);
  const ports: EnginePorts = {
    ...{ journal, inbox, lock, clock, timers },
    dispatcher: fleet.dispatcher,
    reconciler: fleet.reconciler,
  };
  const controller = { pid: 1, machine: 'test', version: '0.0.0' };
  const start = (options: Partial<EngineOptions> = {}, others: Partial<EnginePorts> = {}) =>
    runEngine(
      { kind: 'start', run: 'r', plan, by: 'test' },
      { ...ports, ...others },
      { controller, ...options },
    );
  const resume = (options: Partial<EngineOptions> = {}, others: Partial<EnginePorts> = {}) =>
    runEngine({ kind: 'resume', run: 'r' }, { ...ports, ...others }, { controller, ...options });
  const events = (): readonly RunEvent[] => unwrap(readRun(journal, 'r'))!.events;
  return { ...ports, journal, inbox, lock, clock, fleet, start, resume, events };
}

const outcomesOf = (state: RunState) =>
  Object.fromEntries([...state.hosts.values()].map((host) => [host.host, hostOutcome(host)]));

describe('a run', () => {
  test('changes each host once, and puts every intent on record before it is carried out', async () => {
    const { start, fleet, journal } = bench(planWith());
    const unrecorded: Intent[] = [];
    const dispatcher = {
      perform: (intent: Intent, signal: AbortSignal) => {
        const isRecorded = journal.records.some(({ body }) => JSON.stringify(body).includes(intent.id));
        if (!isRecorded) unrecorded.push(intent);
        return fleet.dispatcher.perform(intent, signal);
      },
    };

    const state = unwrap(await start({}, { dispatcher }));

    expect(outcomesOf(state)).toEqual({ a: 'changed', b: 'changed', c: 'changed' });
    expect(unrecorded).toEqual([]);
    expect(fleet.effects()).toHaveLength(6);
    expect(exitCodeOf(state)).toBe(0);
  });

  test('waits for its window, and never jumps its clock while something is in flight', async () => {
    const plan = planWith({
      hosts: hosts.map((host) => hostOf(host, ['disable'], { windows: { disable: 'night' } })),
      calendar: { windows: { night }, freezes: [] },
    });
    const { start, fleet, clock, events } = bench(plan);
    let inFlight = 0;
    const jumpsInFlight: string[] = [];
    const dispatcher = {
      perform: async (intent: Intent, signal: AbortSignal) => {
        const jumps = clock.jumps.length;
        inFlight += 1;
        const outcome = await fleet.dispatcher.perform(intent, signal);
        if (clock.jumps.length !== jumps) jumpsInFlight.push(intent.id);
        inFlight -= 1;
        return outcome;
      },
    };

    const state = unwrap(await start({}, { dispatcher }));

    expect(inFlight).toBe(0);
    expect(jumpsInFlight).toEqual([]);
    expect(formatInstant(clock.jumps[0]!)).toBe('2026-11-23T22:00:00Z');
    expect(events().find(({ type }) => type === 'run.waiting')).toMatchObject({
      data: { until: '2026-11-23T22:00:00Z', reasons: [expect.stringContaining('window night opens')] },
    });
    expect(state.ended?.state).toBe('finished');
  });

  test('with once, does what can be done now and says when to come again', async () => {
    const plan = planWith({
      hosts: [
        hostOf('a', ['disable']),
        ...['b', 'c'].map((host) => hostOf(host, ['disable'], { windows: { disable: 'night' } })),
      ],
      calendar: { windows: { night }, freezes: [] },
    });
    const { start, resume, events } = bench(plan);

    const state = unwrap(await start({ once: true }));

    expect(outcomesOf(state)).toEqual({ a: 'changed', b: 'not-started', c: 'not-started' });
    expect(exitCodeOf(state)).toBe(3);
    expect(events().at(-1)).toMatchObject({
      type: 'controller.stopped',
      data: { reason: 'once', next: '2026-11-23T22:00:00Z' },
    });
    expect(exitCodeOf(unwrap(await resume()))).toBe(0);
  });

  test('whose performer has a bug quarantines the host instead of guessing', async () => {
    const { start, fleet } = bench(planWith());
    const dispatcher = {
      perform: (intent: Intent, signal: AbortSignal) =>
        intent.host === 'b' && intent.kind === 'reboot-host'
          ? Promise.reject(new TypeError('oops'))
          : fleet.dispatcher.perform(intent, signal),
    };

    const state = unwrap(await start({}, { dispatcher }));

    expect(outcomesOf(state)).toEqual({ a: 'changed', b: 'unknown', c: 'changed' });
    expect(exitCodeOf(state)).toBe(1);
  });
});

describe('Ctrl-C', () => {
  test('once finishes what is in flight and starts nothing new; resume does the rest', async () => {
    const { start, resume, fleet, events } = bench(planWith());
    const interrupt = new AbortController();
    const onEvent = (event: RunEvent): void => {
      if (event.type === 'intent.recorded' && event.data.intent.kind === 'reboot-host') interrupt.abort();
    };

    const state = unwrap(await start({ interrupt: interrupt.signal, onEvent }));

    expect(exitCodeOf(state)).toBe(130);
    expect(events().at(-1)).toMatchObject({ type: 'controller.stopped', data: { reason: 'interrupted' } });
    const rebooted = fleet.effects().filter(({ kind }) => kind === 'reboot');
    expect(rebooted.length).toBeGreaterThan(0);
    for (const { host } of rebooted) expect(outcomesOf(state)[host]).toBe('changed');
    expect(outcomesOf(state)['c']).toBe('not-started');
    const resumed = unwrap(await resume());
    expect(outcomesOf(resumed)).toEqual({ a: 'changed', b: 'changed', c: 'changed' });
    expect(fleet.effects()).toHaveLength(6);
  });

  test('twice lets go at once, and the next controller finds out what became of it', async () => {
    const { start, resume, fleet, lock } = bench(planWith());
    const detach = new AbortController();
    const dispatcher = {
      perform: async (intent: Intent, signal: AbortSignal) => {
        const outcome = await fleet.dispatcher.perform(intent, signal);
        if (intent.kind !== 'reboot-host') return outcome;
        detach.abort();
        return new Promise<never>(() => {});
      },
    };

    const state = unwrap(await start({ detach: detach.signal }, { dispatcher }));

    expect(state.inFlight.size).toBeGreaterThan(0);
    expect(lock.held).toBe(false);
    const resumed = unwrap(await resume());
    expect(outcomesOf(resumed)).toEqual({ a: 'changed', b: 'changed', c: 'changed' });
    expect(fleet.effects()).toHaveLength(6);
  });
});

describe('another terminal', () => {
  const gated = planWith({
    phases: [phaseOf('disable', hosts, { gates: [{ manual: { ask: 'sure?' } }] })],
  });
  const said = { by: 'ann', reason: 'vendors confirmed' };

  test('opens a gate of a living run, with the reason on record', async () => {
    const { start, inbox, events } = bench(gated);
    const onEvent = (event: RunEvent): void => {
      if (event.type === 'gate.waiting') inbox.post('r', { command: 'promote', ...said });
    };

    const state = unwrap(await start({ onEvent }));

    expect(state.ended?.state).toBe('finished');
    expect(events().find(({ type }) => type === 'gate.passed')).toMatchObject({ data: said });
  });

  test('leaves exit 3 behind with an unanswered gate', async () => {
    const { start, fleet } = bench(gated);

    const state = unwrap(await start({ once: true }));

    expect(exitCodeOf(state)).toBe(3);
    expect(fleet.effects()).toEqual([]);
  });

  test('pauses a run, which then starts nothing, and lets it go on', async () => {
    const { start, inbox, events } = bench(planWith());
    const onEvent = (event: RunEvent): void => {
      if (event.type === 'wave.opened') inbox.post('r', { command: 'pause', ...said });
      if (event.type === 'run.waiting') inbox.post('r', { command: 'continue', ...said });
    };

    const state = unwrap(await start({ onEvent }));

    const paused = events().findIndex(({ type }) => type === 'run.paused');
    const continued = events().findIndex(({ type }) => type === 'run.continued');
    const between = events().slice(paused, continued);
    const started = between.filter(
      (event) => event.type === 'intent.recorded' && event.data.intent.kind !== 'verify-host',
    );
    expect(paused).toBeGreaterThan(0);
    expect(started).toEqual([]);
    expect(state.ended?.state).toBe('finished');
  });

  test('gives a run up: hosts in flight are seen through, the others are not started', async () => {
    const { start, inbox } = bench(planWith());
    const onEvent = (event: RunEvent): void => {
      if (event.type === 'wave.opened') inbox.post('r', { command: 'abort', ...said });
    };

    const state = unwrap(await start({ onEvent }));

    expect(state.ended?.state).toBe('aborted');
    expect(exitCodeOf(state)).toBe(5);
    expect(outcomesOf(state)['c']).toBe('not-started');
  });

  test('releases a held host of a run that has ended, and resume takes it up', async () => {
    const { start, resume, inbox, journal } = bench(planWith());
    inbox.post('r', { command: 'hold', host: 'b', ...said });
    const held = unwrap(await start());
    expect(outcomesOf(held)).toEqual({ a: 'changed', b: 'held', c: 'changed' });
    expect(exitCodeOf(held)).toBe(3);
    const { length } = journal.records;

    unwrap(await resume());
    expect(journal.records).toHaveLength(length);
    inbox.post('r', { command: 'release', host: 'b', ...said });
    const released = unwrap(await resume());

    expect(outcomesOf(released)).toEqual({ a: 'changed', b: 'changed', c: 'changed' });
    expect(exitCodeOf(released)).toBe(0);
  });
});

describe('a state directory', () => {
  test('takes one controller at a time', async () => {
    const { start, lock, journal } = bench(planWith());
    unwrap(lock.acquire());

    const refused = await start();

    expect(refused).toMatchObject({ ok: false, error: { code: 'lock.held' } });
    expect(journal.records).toEqual([]);
  });

  test.each([0, 1, 2, 3, 5, 8])(
    'that is full after %i commits stops the run with nothing unrecorded',
    async (room) => {
      const { start, resume, journal, fleet, lock, events } = bench(planWith());
      journal.room = room;

      const stopped = await start();

      expect(stopped).toMatchObject({ ok: false, error: { code: 'journal.write' } });
      expect(lock.held).toBe(false);
      const recorded = journal.records.length === 0 ? [] : events();
      const intents = new Set(
        recorded.flatMap((event) => (event.type === 'intent.recorded' ? [event.data.intent.id] : [])),
      );
      expect(fleet.effects().filter(({ intent }) => !intents.has(intent))).toEqual([]);
      journal.room = Infinity;
      const finished = room === 0 ? await start() : await resume();
      expect(outcomesOf(unwrap(finished))).toEqual({ a: 'changed', b: 'changed', c: 'changed' });
      expect(fleet.effects()).toHaveLength(6);
    },
  );

  test('whose journal was edited is not resumed', async () => {
    const { start, resume, journal } = bench(planWith());
    unwrap(await start({ once: true }));
    journal.records = journal.records.with(4, {
      ...journal.records[4]!,
      body: { ...journal.records[4]!.body, at: '2026-11-23T20:00:01Z' },
    });

    expect(await resume()).toMatchObject({ ok: false, error: { code: 'journal.broken' } });
  });

  test('whose journal lost its tail is not resumed', async () => {
    const { start, resume, journal } = bench(planWith());
    unwrap(await start({ once: true }));
    journal.records = journal.records.slice(0, -2);

    expect(await resume()).toMatchObject({ ok: false, error: { code: 'journal.broken' } });
  });

  test('without the run has nothing to resume', async () => {
    const { resume } = bench(planWith());

    expect(await resume()).toMatchObject({ ok: false, error: { code: 'run.not-found' } });
  });
});
