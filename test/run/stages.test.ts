import { describe, expect, test } from 'vitest';
import { hours, minutes } from '../../src/core/time.ts';
import type { PlannedPhase } from '../../src/model/plan.ts';
import { exitCodeOf } from '../../src/run/outcomes.ts';
import { hostOf, phaseOf, planOf } from '../engine/plan-fixture.ts';
import { Story } from './story.ts';

const settle = minutes(2);

/** Two phases over two hosts. */
function story(disable: Partial<PlannedPhase> = {}, enforce: Partial<PlannedPhase> = {}): Story {
  const hosts = ['a', 'b'];
  return new Story(
    planOf({
      hosts: hosts.map((host) => hostOf(host, ['disable', 'enforce'])),
      phases: [phaseOf('disable', hosts, disable), phaseOf('enforce', hosts, enforce)],
    }),
  );
}

const wave = (name: string, hosts: string[], soak: string | null = null) => ({
  name,
  hosts,
  soak,
  gate: null,
});

describe('phases', () => {
  test('run in the order of the playbook, each when the one before has ended', () => {
    const run = story().finish('a', settle);
    expect(run.state.phases[1]?.enteredAt).toBeUndefined();

    run.finish('b', settle);

    expect(run.state.phases[0]?.endedAt).toBeDefined();
    expect(run.inFlight('probe-host')).toEqual(['a', 'b']);
    expect(run.finish('a', settle).finish('b', settle).state.ended?.state).toBe('finished');
  });

  test('leave out a host whose needed phase did not end well, and say so', () => {
    const run = story({}, { needs: ['disable'] })
      .fail('a', 'failed')
      .finish('b', settle);

    expect(run.host('a', 'enforce')).toMatchObject({ outcome: 'not-started', code: 'needs' });
    expect(run.host('a', 'enforce').reason).toContain('ended failed on this host');
    expect(run.inFlight('probe-host')).toEqual(['b']);
  });

  test('ask nothing of a host that is no part of the phase they need', () => {
    const run = story({ waves: [wave('all', ['b'])] }, { needs: ['disable'] }).finish('b', settle);

    expect(run.inFlight('probe-host')).toEqual(['a', 'b']);
  });

  test('without hosts are over at once', () => {
    const run = story({ waves: [] });

    expect(run.state.phases[0]?.endedAt).toBeDefined();
    expect(run.inFlight('probe-host')).toEqual(['a', 'b']);
  });
});

describe('waves', () => {
  test('open when all hosts of the one before are through and its soak is over', () => {
    const run = story({ waves: [wave('canary', ['a'], '3h'), wave('rest', ['b'])] }).finish('a', settle);
    expect(run.waitsOf()).toEqual(['soak']);
    expect(run.state.waiting?.reasons).toEqual([expect.stringContaining('disable: soak until')]);

    expect(run.later(hours(3)).inFlight('probe-host')).toEqual(['b']);
  });

  test('soak counts from the last host, and a promotion cuts it short with its reason', () => {
    const run = story({ waves: [wave('canary', ['a'], '3h'), wave('rest', ['b'])] }).finish('a', settle);

    run.say('promote');

    expect(run.inFlight('probe-host')).toEqual(['b']);
    expect(run.state.notes.at(-1)).toMatchObject({ by: 'ann', text: expect.stringContaining('cut short') });
  });
});

describe('the soak of a phase', () => {
  test('keeps the next phase shut, and can be promoted', () => {
    const run = story({ soak: '7d' }).finish('a', settle).finish('b', settle);
    expect(run.waitsOf()).toEqual(['soak']);

    expect(run.say('promote').inFlight('probe-host')).toEqual(['a', 'b']);
  });

  test('after the last phase keeps nothing, so that the run ends', () => {
    const run = story({}, { soak: '7d', waves: [wave('all', ['a', 'b'], '1d')] });
    run.finish('a', settle).finish('b', settle).finish('a', settle).finish('b', settle);

    expect(run.state.ended?.state).toBe('finished');
  });
});

describe('a gate', () => {
  const gates = ['first?', 'second?'].map((ask) => ({ manual: { ask } }));

  test('keeps its phase from starting on any host; each needs an answer of its own', () => {
    const run = story({ gates });
    expect(run.waitsOf()).toEqual(['gate']);
    expect(run.types()).not.toContain('intent.recorded');

    expect(run.say('promote').waitsOf()).toEqual(['gate']);

    expect(run.say('promote').inFlight('probe-host')).toEqual(['a', 'b']);
    expect(run.state.phases[0]?.gates.map(({ answer }) => answer?.reason)).toEqual(['told so', 'told so']);
  });

  test('that is unanswered leaves exit 3, and one that failed 5', () => {
    const run = story({ gates });
    expect(exitCodeOf(run.state)).toBe(3);

    run.record({ type: 'gate.failed', phase: 'disable', data: { gate: 0, reason: 'SMB1 is in use' } });

    expect(run.state.ended).toMatchObject({ state: 'stopped', exitCode: 5 });
    expect(run.state.stanceReason).toContain('SMB1 is in use');
  });
});

describe('an interrupted controller', () => {
  test('starts nothing new; what was settled already waits for the next one', () => {
    const run = story().record({ type: 'run.interrupted', data: { signal: 'SIGINT' } });

    run.settle('a').settle('b');

    expect(run.state.inFlight.size).toBe(0);
    expect(run.waitsOf('a')).toEqual(['paused']);
    expect(exitCodeOf(run.state)).toBe(130);
  });
});

describe('people', () => {
  test('pause a run and let it go on', () => {
    const run = story().say('pause').settle('a');
    expect(run.waitsOf('a')).toEqual(['paused']);

    expect(run.say('continue').inFlight('write-control')).toEqual(['a']);
  });

  test('hold a host, which is passed over in every phase, and release it into all of them', () => {
    const run = story().say('hold', 'b').fail('b', 'not-done', { reconciled: true });
    run.later(minutes(1));
    expect(run.host('b')).toMatchObject({ outcome: 'held', code: 'person', reason: 'held by ann: told so' });
    run.finish('a', settle).finish('a', settle);
    expect(run.host('b', 'enforce')).toMatchObject({ outcome: 'held', code: 'person' });
    expect(run.state.ended?.exitCode).toBe(3);

    run.say('release', 'b').finish('b', settle).finish('b', settle);

    expect(run.state.ended).toMatchObject({ state: 'finished', exitCode: 0 });
  });

  test('hold a host that is written and not rebooted at that safe point', () => {
    const run = story({ concurrency: 1 })
      .settle('a')
      .say('pause')
      .settle('a')
      .say('hold', 'a')
      .say('continue');

    expect(run.host('a')).toMatchObject({ outcome: 'held', code: 'person' });
    expect(run.host('a').reason).toContain('its settings are written');
  });

  test('hold a host between its steps', () => {
    const run = story().settle('a').say('pause').fail('a', 'not-done').say('hold', 'a');

    expect(run.host('a')).toMatchObject({ outcome: 'held', code: 'person' });
  });

  test.each([
    ['continue', undefined, 'the run is running'],
    ['promote', undefined, 'no gate and no soak is open'],
    ['release', 'a', 'a is not held'],
    ['hold', 'aa', 'the run has no host aa; did you mean a?'],
    ['hold', 'elsewhere', 'the run has no host elsewhere'],
  ] as const)('are told why %s %s makes no sense', (command, host, because) => {
    const run = story().say(command, host);

    expect(run.events.at(-1)).toMatchObject({ type: 'command.refused', data: { command, because } });
  });

  test('are told that a run is paused, held or aborted already', () => {
    const run = story().say('pause').say('pause').say('hold', 'a').say('hold', 'a');
    run.say('abort').say('abort').say('continue').settle('a').settle('b').say('promote');

    const refused = run.events.flatMap((event) =>
      event.type === 'command.refused' ? [`${event.data.command}: ${event.data.because}`] : [],
    );
    expect(refused).toEqual([
      'pause: the run is paused',
      'hold: a is held already',
      'abort: the run is aborted',
      'continue: the run is aborted',
      'promote: the run is aborted',
    ]);
  });
});
