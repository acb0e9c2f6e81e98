import { describe, expect, test } from 'vitest';
import { hours, minutes, seconds } from '../../src/core/time.ts';
import type { Plan, PlannedHost, PlannedPhase } from '../../src/model/plan.ts';
import { exitCodeOf, hostOutcome, runCounts } from '../../src/run/outcomes.ts';
import { hostOf, phaseOf, planOf, writeStep } from '../engine/plan-fixture.ts';
import { Story } from './story.ts';

const settle = minutes(2);
const night = { days: ['mon' as const], start: '22:00', duration: '6h', timezone: 'UTC', cutoff: 'auto' };

/** One phase over some hosts; the members replace what a test is about. */
function story(
  hosts: readonly string[],
  o: { phase?: Partial<PlannedPhase>; host?: Partial<PlannedHost>; plan?: Partial<Plan> } = {},
): Story {
  return new Story(
    planOf({
      hosts: hosts.map((host) => hostOf(host, ['disable'], o.host)),
      phases: [phaseOf('disable', hosts, o.phase)],
      ...o.plan,
    }),
  );
}

describe('a host', () => {
  test('is probed, written, rebooted once, left to settle, and verified', () => {
    const run = story(['a']);
    expect(run.inFlight('probe-host')).toEqual(['a']);
    expect(run.settle('a').inFlight('write-control')).toEqual(['a']);
    expect(run.settle('a').inFlight('reboot-host')).toEqual(['a']);
    expect(run.settle('a').host('a').status).toBe('settling');
    expect(run.waitsOf('a')).toEqual(['settle']);
    expect(run.later(settle).inFlight('verify-host')).toEqual(['a']);

    run.settle('a');

    expect(run.host('a')).toMatchObject({ outcome: 'changed', code: 'verified' });
    expect(run.host('a').steps[0]).toMatchObject({ status: 'finished', verified: true, after: { on: true } });
    expect(run.state.ended).toMatchObject({ state: 'finished', exitCode: 0 });
  });

  test('with several steps is rebooted once for all of them', () => {
    const steps = ['x', 'y'].map((control) => writeStep('disable', control, true));
    const run = story(['a'], { host: { steps } });

    run.settle('a').settle('a').settle('a').settle('a').later(settle).settle('a');

    expect(run.types().filter((type) => type === 'step.finished')).toHaveLength(2);
    expect(
      run.events.flatMap((event) => (event.type === 'intent.recorded' ? [event.data.intent.kind] : [])),
    ).toEqual(['probe-host', 'write-control', 'write-control', 'reboot-host', 'verify-host']);
  });

  test('that needs no reboot is verified right after its write', () => {
    const run = story(['a'], { host: { steps: [writeStep('disable', 'x', false)] } });

    expect(run.settle('a').settle('a').inFlight('verify-host')).toEqual(['a']);
    expect(run.settle('a').host('a').outcome).toBe('changed');
  });

  test('whose write asks for a restart that was not planned is rebooted, since the plan allows it', () => {
    const run = story(['a'], { host: { steps: [writeStep('disable', 'x', false)] } });

    run.settle('a').settle('a', { restartNeeded: true });

    expect(run.inFlight('reboot-host')).toEqual(['a']);
  });

  test.each([
    ['satisfied', 'ok', 'satisfied'],
    ['differs', 'held', 'differs'],
    ['unknown', 'unknown', 'not-judged'],
  ] as const)('that is found %s ends %s, untouched', (verdict, outcome, code) => {
    const run = story(['a']);
    const finding = { verdict, steps: [], boot: { bootTime: '', bootId: 1 }, pendingReboot: [] };

    run.settle('a', { finding });

    expect(run.host('a')).toMatchObject({ outcome, code });
    expect(run.types()).not.toContain('write-control');
  });

  test('with nothing to do is ok, with evidence', () => {
    const step = { ...writeStep('disable', 'x', false), action: 'none' as const, to: {} };
    const run = story(['a'], { host: { steps: [step], windows: { disable: 'night' } }, plan: nightly });

    // Reading changes nothing, so it does not wait for the window.
    run.settle('a');

    expect(run.host('a')).toMatchObject({ outcome: 'ok', code: 'as-wanted' });
    expect(run.host('a').steps[0]).toMatchObject({ verified: true });
  });

  test('that the plan holds is never asked', () => {
    const holds = [{ phase: 'disable', code: 'blocked', reason: 'a policy' }];
    const run = story(['a'], { host: { holds } });

    expect(run.host('a')).toMatchObject({ outcome: 'held', code: 'blocked' });
    expect(run.types()).not.toContain('intent.recorded');
    expect(exitCodeOf(run.state)).toBe(3);
  });

  test('whose probe is old by the time of its write is probed anew', () => {
    const run = story(['a'], { plan: nightly, host: { windows: { disable: 'night' } } });
    run.until('2026-11-24T03:35:00Z');
    expect(run.inFlight('probe-host')).toEqual(['a']);

    run.now = (run.now + minutes(20)) as typeof run.now;
    run.settle('a');
    expect(run.host('a').status).toBe('ready');
    run.until('2026-11-30T22:00:00Z');

    expect(run.inFlight('probe-host')).toEqual(['a']);
  });
});

const satisfied = {
  verdict: 'satisfied' as const,
  steps: [],
  boot: { bootTime: '', bootId: 1 },
  pendingReboot: [],
};

const nightly: Partial<Plan> = { calendar: { windows: { night }, freezes: [] } };

describe('a setback', () => {
  test('of a probe that found nobody is tried once more, then counts as unreachable', () => {
    const run = story(['a']).fail('a', 'unreachable');
    expect(run.waitsOf('a')).toEqual(['retry']);

    run.later(seconds(30)).fail('a', 'unreachable');

    expect(run.host('a').outcome).toBe('unreachable');
    expect(exitCodeOf(run.state)).toBe(4);
  });

  test.each([
    ['probe-host', 0],
    ['write-control', 1],
    ['reboot-host', 2],
  ])('%s that fails ends the host failed', (_, before) => {
    const run = story(['a']);
    for (let step = 0; step < before; step++) run.settle('a');

    run.fail('a', 'failed');

    expect(run.host('a').outcome).toBe('failed');
    expect(exitCodeOf(run.state)).toBe(1);
  });

  test('of unknown outcome quarantines the host until a person releases it', () => {
    const run = story(['a', 'b']).settle('a').settle('a').fail('a', 'unknown');
    expect(run.host('a')).toMatchObject({ outcome: 'unknown', code: 'quarantined' });
    run.later(hours(1));
    expect(run.inFlight('probe-host')).toEqual(['b']);

    run.say('release', 'a');

    expect(run.inFlight('probe-host').sort()).toEqual(['a', 'b']);
    expect(run.intentOf('a').id).toBe('disable/a/probe-host#2');
  });

  test('of a host that did not come back is not tried again', () => {
    const run = story(['a']).settle('a').settle('a');

    run.fail('a', 'unreachable', { requestedAt: '2026-11-23T20:00:00Z' });

    expect(run.host('a')).toMatchObject({ outcome: 'unreachable' });
    expect(run.host('a').reboots).toMatchObject([{ backAt: undefined }]);
  });

  test('of a request that was proven not to have been made leads to a new one, three times at most', () => {
    const run = story(['a']).settle('a').settle('a');
    for (const count of [1, 2]) {
      run.fail('a', 'not-done').later(seconds(30));
      expect(run.intentOf('a').id).toBe(`disable/a/reboot-host#${count + 1}`);
    }

    run.fail('a', 'not-done');

    expect(run.host('a')).toMatchObject({ outcome: 'held', code: 'not-done' });
    expect(hostOutcome(run.state.hosts.get('a')!)).toBe('held');
  });

  test('that a crash made is tried again at once, and uses up none of the tries', () => {
    const run = story(['a']).settle('a').settle('a');

    for (let count = 0; count < 6; count++) run.fail('a', 'not-done', { reconciled: true });

    expect(run.inFlight('reboot-host')).toEqual(['a']);
  });

  test('that only a person can mend holds the host at once', () => {
    const run = story(['a']).settle('a').settle('a');
    const failure = { code: 'reboot.already-scheduled', message: '', blame: '', retry: '' };

    run.fail('a', 'failed', { failure });

    expect(run.host('a')).toMatchObject({ outcome: 'held', code: 'reboot.already-scheduled' });
  });
});

describe('a verification', () => {
  const verifying = () => story(['a']).settle('a').settle('a').settle('a').later(settle);
  const finding = (verdict: 'not-settled' | 'not-as-wanted' | 'unknown') => ({
    finding: { verdict, steps: [], boot: { bootTime: '', bootId: 3 }, pendingReboot: [] },
  });

  test('of a host that is not settled is repeated after the settling time, then holds it', () => {
    const run = verifying();
    for (const _ of [1, 2]) run.settle('a', finding('not-settled')).later(settle);
    expect(run.inFlight('verify-host')).toEqual(['a']);

    run.settle('a', finding('not-settled'));

    expect(run.host('a')).toMatchObject({ outcome: 'held', code: 'reboot-pending' });
  });

  test('that finds another state than wanted ends the host failed, with the step unverified', () => {
    const run = verifying().settle('a', finding('not-as-wanted'));

    expect(run.host('a')).toMatchObject({ outcome: 'failed', code: 'not-as-wanted' });
    expect(run.host('a').steps[0]).toMatchObject({ verified: false });
  });

  test('that cannot be judged is repeated, then ends unknown', () => {
    const run = verifying();
    for (const _ of [1, 2]) run.settle('a', finding('unknown')).later(settle);

    run.settle('a', finding('unknown'));

    expect(run.host('a')).toMatchObject({ outcome: 'unknown', code: 'not-verifiable' });
  });

  test('that finds nobody is repeated, then ends unreachable', () => {
    const run = verifying().fail('a', 'unreachable').later(settle).fail('a', 'unreachable');

    expect(run.host('a').outcome).toBe('unreachable');
  });

  test('of a host that may not reboot holds it with the reboot pending', () => {
    const reboot = { when: 'never' as const, timeout: '20m', settle: '0s' };
    const run = story(['a'], { phase: { reboot } }).settle('a').settle('a');
    expect(run.inFlight('verify-host')).toEqual(['a']);

    run.settle('a', finding('not-settled'));

    expect(run.host('a')).toMatchObject({ outcome: 'held', code: 'reboot-pending' });
  });

  test('without a settling time waits half a minute before it is repeated', () => {
    const reboot = { when: 'needed' as const, timeout: '20m', settle: '0s' };
    const run = story(['a'], { phase: { reboot } }).settle('a').settle('a').settle('a');

    run.fail('a', 'unreachable');

    expect(run.waitsOf('a')).toEqual(['settle']);
    expect(run.later(seconds(30)).inFlight('verify-host')).toEqual(['a']);
  });
});

describe('an outcome that says less than it should', () => {
  test('of a probe leaves the host unknown', () => {
    const run = story(['a']);

    run.settle('a', { finding: undefined } as never);

    expect(run.host('a')).toMatchObject({ outcome: 'unknown', code: 'not-judged' });
  });

  test('of a write or reboot leaves the boot that was seen before', () => {
    const run = story(['a'])
      .settle('a')
      .settle('a', { boot: undefined } as never);
    expect(run.intentOf('a')).toMatchObject({ bootBefore: { bootId: 1 } });

    run.settle('a', { bootAfter: undefined, by: undefined } as never);

    expect(run.host('a')).toMatchObject({ boot: { bootId: 1 }, reboots: [{ by: 'countersign' }] });
  });

  test('of a verification is looked for again, and does not pass for a proof', () => {
    const run = story(['a']).settle('a').settle('a').settle('a').later(settle);
    for (const _ of [1, 2]) run.settle('a', { finding: undefined } as never).later(settle);

    run.settle('a', { finding: undefined } as never);

    expect(run.host('a')).toMatchObject({ outcome: 'unknown', code: 'not-verifiable' });
  });
});

describe('a host whose change waits for a reboot', () => {
  const step = { ...writeStep('disable', 'x', true), action: 'reboot' as const, to: {} };

  test('is rebooted without a write', () => {
    expect(
      story(['a'], { host: { steps: [step] } })
        .settle('a')
        .inFlight('reboot-host'),
    ).toEqual(['a']);
  });

  test('where the phase may not reboot is ok if it is found as wanted after all', () => {
    const reboot = { when: 'never' as const, timeout: '20m', settle: 'soon' };
    const run = story(['a'], { host: { steps: [step] }, phase: { reboot } })
      .settle('a')
      .settle('a');

    expect(run.host('a')).toMatchObject({ outcome: 'ok', code: 'verified' });
  });
});

describe('what a run waits for', () => {
  test('is summed up: equal reasons as one, and not more than an operator reads', () => {
    const names = Array.from({ length: 20 }, (_, index) => `h${index}`);
    const windows = Object.fromEntries(
      names.map((name, index) => [name, { ...night, start: `22:${String(index).padStart(2, '0')}` }]),
    );
    const hosts = [...names.map((name) => [name, name] as const), ['last', 'h19'] as const];
    const plan = planOf({
      hosts: hosts.map(([host, window]) => hostOf(host, ['disable'], { windows: { disable: window } })),
      phases: [
        phaseOf(
          'disable',
          hosts.map(([host]) => host),
        ),
      ],
      calendar: { windows, freezes: [] },
    });

    const run = new Story(plan);

    expect(run.state.waiting?.reasons).toHaveLength(13);
    expect(run.state.waiting?.reasons[0]).toBe('disable: window h0 opens 2026-11-23T22:00:00Z (1 host)');
    expect(run.state.waiting?.reasons.at(-1)).toBe('and 8 more');
  });
});

describe('a window', () => {
  const inWindow = (plan: Partial<Plan> = nightly) =>
    story(['a'], { plan, host: { windows: { disable: 'night' } } });

  test('is waited for', () => {
    const run = inWindow();
    expect(run.waitsOf('a')).toEqual(['window']);
    expect(run.last.wakeAt).toBe(Date.parse('2026-11-23T22:00:00Z'));

    expect(run.until('2026-11-23T22:00:00Z').inFlight('probe-host')).toEqual(['a']);
  });

  test('that leaves too little time for reboot, settling and proof is left to the next week', () => {
    const run = inWindow().until('2026-11-24T03:55:00Z');

    expect(run.hostWaits()).toMatchObject([{ code: 'window', until: Date.parse('2026-11-30T22:00:00Z') }]);
  });

  test('that closes between write and reboot keeps the reboot for the next one', () => {
    const run = inWindow().until('2026-11-24T03:40:00Z').settle('a');
    run.now = (run.now + minutes(10)) as typeof run.now;

    run.settle('a');

    expect(run.host('a').status).toBe('awaiting-reboot');
    expect(hostOutcome(run.state.hosts.get('a')!)).toBe('held');
    expect(run.until('2026-11-30T22:00:00Z').inFlight('reboot-host')).toEqual(['a']);
  });

  test('does not keep a host that rebooted in time from being verified after its end', () => {
    const run = inWindow().until('2026-11-24T03:40:00Z').settle('a').settle('a');

    run.until('2026-11-24T04:10:00Z').settle('a').later(settle);

    expect(run.inFlight('verify-host')).toEqual(['a']);
  });

  test('limits how long an intent is valid', () => {
    const run = inWindow().until('2026-11-24T03:41:00Z').settle('a');

    // Eighteen minutes of reboot, settling and proof, and one for the write, must fit before 04:00.
    expect(run.intentOf('a')).toMatchObject({ validUntil: '2026-11-24T03:41:00Z' });
  });

  test('in a freeze is shut, and a phase without a window waits for the end of the freeze', () => {
    const freezes = [{ name: 'f', from: '2026-11-23', to: '2026-11-24', timezone: 'UTC' }];
    const run = story(['a'], { plan: { calendar: { windows: {}, freezes } } });

    expect(run.hostWaits()).toMatchObject([{ code: 'freeze', until: Date.parse('2026-11-25T00:00:00Z') }]);
    expect(run.until('2026-11-25T00:00:00Z').inFlight('probe-host')).toEqual(['a']);
  });

  test('that is too short for the work is never long enough, and says so', () => {
    const short = { ...night, duration: '5m' };
    const run = inWindow({ calendar: { windows: { night: short }, freezes: [] } });

    expect(run.hostWaits()).toMatchObject([{ code: 'window', reason: expect.stringContaining('never') }]);
    expect(run.last.wakeAt).toBeUndefined();
  });

  test('that the plan does not define never opens', () => {
    expect(inWindow({ calendar: { windows: {}, freezes: [] } }).waitsOf('a')).toEqual(['window']);
  });
});

describe('concurrency', () => {
  test('limits the hosts of a phase, and finishes those that have begun first', () => {
    const run = story(['a', 'b', 'c'], { phase: { concurrency: 2 } });
    expect(run.inFlight('probe-host')).toEqual(['a', 'b']);
    expect(run.waitsOf('c')).toEqual(['concurrency']);

    run.settle('a').settle('b').settle('a').settle('a');
    expect(run.host('a').status).toBe('settling');
    expect(run.waitsOf('c')).toEqual(['concurrency']);

    run.later(settle).settle('a');
    expect(run.inFlight('probe-host')).toEqual(['c']);
  });
});

describe('a redundancy set', () => {
  const pair: Partial<Plan> = { sets: [{ name: 'dc', hosts: ['a', 'b'], minAvailable: 1 }] };

  test('lets one member go down at a time, until it is proven to be back', () => {
    const run = story(['a', 'b'], { plan: pair }).settle('a').settle('b').settle('a').settle('b');
    expect(run.inFlight('reboot-host')).toEqual(['a']);
    expect(run.waitsOf('b')).toEqual(['redundancy']);

    expect(run.settle('a').waitsOf('b')).toEqual(['redundancy']);
    expect(run.later(settle).waitsOf('b')).toEqual(['redundancy']);

    expect(run.settle('a').inFlight('reboot-host')).toEqual(['b']);
  });

  test('counts two members that are ready at the same moment', () => {
    const run = story(['a', 'b'], { plan: pair }).settle('a').settle('b');

    run.settle('a').settle('b');

    expect(run.inFlight('reboot-host')).toEqual(['a']);
  });

  test('asks live for members that the run does not know', () => {
    const plan = { sets: [{ name: 'dc', hosts: ['a', 'elsewhere'], minAvailable: 1 }] };
    const run = story(['a'], { plan }).settle('a').settle('a');

    expect(run.intentOf('a')).toMatchObject({
      guards: [{ set: 'dc', partners: ['elsewhere'], minHealthy: 1 }],
    });
  });

  test('with a dead member holds the other before anything is written, and names the dead', () => {
    const run = story(['a', 'b'], { plan: pair, phase: { concurrency: 1 } });
    run.fail('a', 'unreachable').fail('b', 'unreachable').later(seconds(30));

    run.fail('a', 'unreachable');

    expect(run.host('a').outcome).toBe('unreachable');
    expect(run.host('b')).toMatchObject({ outcome: 'held', code: 'redundancy' });
    expect(run.host('b').reason).toContain('a does not answer');
  });

  test('whose member was dead when planned holds the other', () => {
    const { facts: _, ...dead } = hostOf('a', []);
    const plan = planOf({
      hosts: [dead, hostOf('b', ['disable'])],
      phases: [phaseOf('disable', ['b'])],
      ...pair,
    });

    expect(new Story(plan).host('b')).toMatchObject({ outcome: 'held', code: 'redundancy' });
  });

  test('with too few members can never spare one', () => {
    const plan = { sets: [{ name: 'dc', hosts: ['a'], minAvailable: 1 }] };

    expect(story(['a'], { plan }).host('a').reason).toContain('it has too few members');
  });

  test('whose member failed the live check is asked again every five minutes, then holds the host', () => {
    const run = story(['a', 'b'], { plan: pair, phase: { concurrency: 1 } })
      .settle('a')
      .settle('a');
    run.fail('a', 'not-done', { unhealthy: ['b'] }).settle('b', { finding: satisfied });
    expect(run.waitsOf('a')).toEqual(['retry']);
    expect(run.later(minutes(4)).waitsOf('a')).toEqual(['retry']);
    run.later(minutes(1)).fail('a', 'not-done', { unhealthy: ['b'] });
    run.later(minutes(5)).fail('a', 'not-done', { unhealthy: ['b'] });

    expect(run.host('a')).toMatchObject({ outcome: 'held', code: 'redundancy' });
  });
});

describe('a budget', () => {
  const hosts = ['a', 'b', 'c', 'd'];
  const budget = { failed: 1, unreachable: 0, unknown: 0 };

  test('tolerates what it says; one more stops the run, and what is in flight is seen through', () => {
    const run = story(hosts, { phase: { budget, concurrency: 3 } });
    run.settle('c').settle('c').settle('c');
    run.fail('a', 'failed');
    expect(run.state.stance).toBe('running');

    run.fail('b', 'failed');

    expect(run.state.trips).toMatchObject([
      { scope: 'phase', outcome: 'failed', tolerated: 1, hosts: ['a', 'b'] },
    ]);
    run.fail('d', 'not-done', { reconciled: true }).later(settle);
    expect(run.inFlight('verify-host')).toEqual(['c']);
    run.settle('c');
    expect(run.state.ended).toMatchObject({ state: 'stopped', exitCode: 5 });
    expect(runCounts(run.state)).toMatchObject({ changed: 1, failed: 2, 'not-started': 1 });
  });

  test('of the run counts over all phases', () => {
    const run = story(hosts, { plan: { budget: { failed: 99, unreachable: 99, unknown: 0 } } });

    run.fail('a', 'unknown');

    expect(run.state.trips).toMatchObject([{ scope: 'run', outcome: 'unknown' }]);
  });

  test('that a person answers for no longer counts the hosts that used it up', () => {
    const run = story(hosts, { phase: { budget: { ...budget, failed: 0 }, concurrency: 1 } });
    run.fail('a', 'failed');
    expect(run.state.ended?.state).toBe('stopped');

    run.say('continue');

    expect(run.inFlight('probe-host')).toEqual(['b']);
    run.fail('b', 'failed');
    expect(run.state.trips.at(-1)).toMatchObject({ hosts: ['b'] });
  });

  test('that trips while the run is paused stops it; an abort stays an abort', () => {
    const paused = story(hosts, { phase: { budget } }).say('pause').fail('a', 'unknown');
    expect(paused.state.stance).toBe('stopped');

    const aborted = story(hosts, { phase: { budget } }).say('abort').fail('a', 'unknown');
    expect(aborted.state.stance).toBe('aborted');
  });
});
