import { describe, expect, test } from 'vitest';
import { simulate } from '../../tools/simulation/history.ts';
import type { History } from '../../tools/simulation/history.ts';
import { brokenLaws } from '../../tools/simulation/laws.ts';
import { makeScenario } from '../../tools/simulation/scenario.ts';

// The deeper run is `npm run simulate`; this one keeps the gate short.
const seeds = Array.from({ length: 45 }, (_, index) => `gate-${index}`);
const timeout = 240_000;

const outcomes = ({ state }: History) =>
  [...state.hosts.values()].flatMap((host) =>
    Object.values(host.phases).map((own) => [own.host, own.phase, own.outcome, own.code]),
  );

describe('whatever happens in a run', () => {
  test('no law of a rollout is broken', { timeout }, () => {
    for (const [index, seed] of seeds.entries()) {
      const history = simulate(makeScenario(seed), { crashes: [0, 0.02, 0.1][index % 3]! });

      expect(brokenLaws(history), seed).toEqual([]);
    }
  });

  test(
    'a run that goes on from any point of its journal ends as if it had never stopped',
    { timeout },
    () => {
      for (const seed of seeds.slice(0, 3)) {
        const scenario = makeScenario(seed, { calm: true });
        const whole = simulate(scenario);
        for (let length = 2; length < whole.events.length; length += 17) {
          const resumed = simulate(scenario, { crashAfterEvents: length });

          expect(brokenLaws(resumed), `${seed} after ${length}`).toEqual([]);
          expect(outcomes(resumed), `${seed} after ${length}`).toEqual(outcomes(whole));
        }
      }
    },
  );

  test('equal seeds give equal journals, to the last hash', { timeout }, () => {
    for (const seed of seeds.slice(0, 5)) {
      const once = simulate(makeScenario(seed), { crashes: 0.05 });
      const again = simulate(makeScenario(seed), { crashes: 0.05 });

      expect(again.state.head).toEqual(once.state.head);
    }
  });
});

describe('the simulation itself', () => {
  test(
    'reaches every outcome and every way to stop, so that the laws are put to the test',
    { timeout },
    () => {
      const histories = seeds.map((seed) => simulate(makeScenario(seed), { crashes: 0.02 }));
      const events = histories.flatMap((history) => history.events);
      const finished = new Set(
        events.flatMap((event) => (event.type === 'host.finished' ? [event.data.outcome] : [])),
      );
      const types = new Set(events.map(({ type }) => type));

      expect([...finished].sort()).toEqual(['changed', 'failed', 'held', 'not-started', 'ok', 'unreachable']);
      for (const type of ['budget.tripped', 'gate.passed', 'soak.ended', 'host.released', 'run.continued'])
        expect(types).toContain(type);
      expect(histories.reduce((sum, { crashes }) => sum + crashes, 0)).toBeGreaterThan(30);
    },
  );

  test('notices a reboot too many, a late write and a tampered journal', () => {
    const history = simulate(makeScenario(seeds[0]!));
    const reboot = history.effects.find(({ kind }) => kind === 'reboot')!;
    const late = { ...reboot, kind: 'write' as const, at: history.state.startedAt };
    const events = history.events.with(3, { ...history.events[3]!, at: '2026-11-23T00:00:00Z' });

    const broken = brokenLaws({ ...history, events, effects: [...history.effects, reboot, late] }).join('\n');

    expect(broken).toContain('law 2');
    expect(broken).toContain('law the journal verifies');
  });
});
