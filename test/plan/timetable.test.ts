import { describe, expect, test } from 'vitest';
import { defaultExpectations } from '../../src/plan/expectations.ts';
import { makeTimetable } from '../../src/plan/timetable.ts';
import {
  at,
  hostOf,
  names,
  nights,
  now,
  plan,
  playbook,
  removal,
  riskCodes,
  signing,
  stock,
  tryPlan,
  unanswered,
} from './fixture.ts';

const fiveHours = { ...nights, duration: '5h' };
const fifty = { groups: { clients: names('ws', 50) } };

function fleetOf(count: number) {
  return { groups: { clients: names('ws', count) } };
}

describe('what does not fit is refused with the smallest change that does', () => {
  // 50 workstations of 14 minutes, two at a time: 25 rounds, 350 minutes, and the window has 300.
  const narrow = playbook([{ ...removal, concurrency: 2 }], { windows: { nights: fiveHours } });

  test('more concurrency, a longer window, or a second night', () => {
    const result = tryPlan({ fleet: fifty, playbook: narrow });

    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'plan.infeasible',
        details: {
          hosts: 50,
          needed: '5h50m',
          available: '5h',
          smallest: { concurrency: 3, duration: '5h50m', nights: 2, split: [42, 8] },
        },
      },
    });
    expect(!result.ok && result.error.hint).toBe(
      'Smallest changes that fit: concurrency 3, or a window of 5h50m, or 2 nights with --allow-spill (42 + 8 hosts).',
    );
  });

  test.each([
    ['concurrency 3', playbook([{ ...removal, concurrency: 3 }], { windows: { nights: fiveHours } })],
    [
      'the longer window',
      playbook([{ ...removal, concurrency: 2 }], { windows: { nights: { ...nights, duration: '5h50m' } } }),
    ],
  ])('the suggested change does fit: %s', (_name, changed) => {
    expect(tryPlan({ fleet: fifty, playbook: changed }).ok).toBe(true);
  });

  test('a minute less than the suggested window does not fit', () => {
    const short = playbook([{ ...removal, concurrency: 2 }], {
      windows: { nights: { ...nights, duration: '5h49m' } },
    });

    expect(tryPlan({ fleet: fifty, playbook: short })).toMatchObject({ error: { code: 'plan.infeasible' } });
  });

  test('the least concurrency is found also when it is far away', () => {
    const short = playbook([{ ...removal, concurrency: 1 }], {
      windows: { nights: { ...nights, duration: '2h' } },
    });

    // Eight rounds in two hours: 7 at a time do 50.
    expect(tryPlan({ fleet: fifty, playbook: short })).toMatchObject({
      error: { details: { smallest: { concurrency: 7 } } },
    });
  });

  test('a phase without a window must fit between freezes', () => {
    const { window: _, ...anyTime } = removal;
    const freezes = [{ name: 'merger', from: '2026-12-01', to: '2036-01-01', timezone: 'Europe/Berlin' }];
    const code = (moment: string, count: number) => {
      const result = tryPlan({
        fleet: fleetOf(count),
        playbook: playbook([{ ...anyTime, concurrency: 1 }], { freezes }),
        change: { now: at(moment) },
      });
      return result.ok ? 'ok' : [result.error.code, result.error.details['window']];
    };

    expect(code('2026-11-30T22:00:00Z', 3)).toBe('ok');
    expect(code('2026-11-30T22:30:00Z', 3)).toEqual(['plan.infeasible', 'any time']);
    expect(code('2026-11-30T22:55:00Z', 3)).toEqual(['plan.infeasible-host', 'any time']);
    expect(code('2026-12-01T22:55:00Z', 3)).toEqual(['plan.infeasible-window', 'any time']);
  });

  test('spilling beyond the end of the calendar is refused', () => {
    const monthly = { patch_tuesday: '+4d', start: '22:00', duration: '20m', timezone: 'UTC' };

    const result = tryPlan({
      fleet: fleetOf(40),
      playbook: playbook([{ ...removal, concurrency: 1 }], { windows: { nights: monthly } }),
      change: { allowSpill: true },
    });

    expect(result).toMatchObject({
      ok: false,
      error: { code: 'plan.infeasible-horizon', details: { left: 14 } },
    });
  });

  test('a window that the calendar lacks never opens', () => {
    const it = plan({ fleet: fleetOf(1), playbook: playbook([removal]) });

    const result = makeTimetable({
      ...it,
      sets: [],
      calendar: { windows: {}, freezes: [] },
      now,
      allowSpill: false,
      expectations: defaultExpectations,
    });

    expect(result).toMatchObject({ ok: false, error: { code: 'plan.infeasible-window' } });
  });

  test('spilling, when allowed, goes on in the next night and is told', () => {
    const it = plan({ fleet: fifty, playbook: narrow, change: { allowSpill: true } });

    const byNight = Map.groupBy(it.timetable, ({ start }) => (start < '2026-11-24T12' ? 'first' : 'second'));
    expect([byNight.get('first')!.length, byNight.get('second')!.length]).toEqual([42, 8]);
    expect(it.risks.find(({ code }) => code === 'spills')!.message).toContain('2 openings of window nights');
  });

  test('no concurrency is suggested where a redundancy set allows none', () => {
    const members = names('ws', 10);
    const sets = [{ name: 'farm', hosts: members, minAvailable: 9 }];
    const hour = { ...nights, duration: '1h' };

    const result = tryPlan({
      fleet: { ...fleetOf(10), sets },
      playbook: playbook([removal], { windows: { nights: hour } }),
    });

    expect(result).toMatchObject({ ok: false, error: { details: { needed: '2h20m' } } });
    expect(!result.ok && result.error.hint).not.toContain('concurrency');
  });

  test('a host that takes longer than any opening is named', () => {
    const windows = { nights: { ...nights, duration: '10m' } };

    const result = tryPlan({ fleet: fleetOf(1), playbook: playbook([removal], { windows }) });

    expect(result).toMatchObject({
      ok: false,
      error: { code: 'plan.infeasible-host', details: { host: 'ws-001', needed: '14m', available: '10m' } },
    });
  });

  test('spilling does not help a host that takes longer than any opening', () => {
    const windows = { nights: { ...nights, duration: '10m' } };
    const change = { allowSpill: true };

    const result = tryPlan({ fleet: fleetOf(1), playbook: playbook([removal], { windows }), change });

    expect(result).toMatchObject({ ok: false, error: { code: 'plan.infeasible-host' } });
  });

  test('a window that freezes cover to the end of the calendar does not open', () => {
    const freezes = [{ name: 'merger', from: '2026-01-01', to: '2036-01-01', timezone: 'UTC' }];

    const result = tryPlan({ fleet: fleetOf(1), playbook: playbook([removal], { freezes }) });

    expect(result).toMatchObject({ ok: false, error: { code: 'plan.infeasible-window' } });
    expect(!result.ok && result.error.message).toContain(
      'does not open between 2026-11-23T11:00:00Z and 2029-01-31T11:00:00Z',
    );
  });

  test('a set without a member to spare is named with the hosts that would have to reboot', () => {
    const sets = [{ name: 'dc', hosts: ['ws-001', 'ws-002'], minAvailable: 2 }];

    const result = tryPlan({ fleet: { ...fleetOf(3), sets }, playbook: playbook([removal]) });

    expect(result).toMatchObject({
      ok: false,
      error: { code: 'plan.infeasible-set', details: { set: 'dc', hosts: 'ws-001, ws-002' } },
    });
    expect(tryPlan({ fleet: { ...fleetOf(3), sets }, playbook: playbook([signing]) }).ok).toBe(true);
  });
});

describe('cutoff', () => {
  test('a fixed cutoff longer than the work leaves fewer places, and the suggestion counts it', () => {
    const cut = { ...nights, duration: '1h', cutoff: '40m' };
    // Reboots start at 1, 15 minutes of an hour; 20 is the last moment.
    const result = tryPlan({
      fleet: fleetOf(3),
      playbook: playbook([{ ...removal, concurrency: 1 }], { windows: { nights: cut } }),
    });

    expect(result).toMatchObject({
      error: { details: { needed: '1h9m', smallest: { concurrency: 2, nights: 2, split: [2, 1] } } },
    });
    const longer = { ...cut, duration: '1h9m' };
    expect(
      tryPlan({
        fleet: fleetOf(3),
        playbook: playbook([{ ...removal, concurrency: 1 }], { windows: { nights: longer } }),
      }).ok,
    ).toBe(true);
  });

  test('a fixed cutoff shorter than the work is obeyed and told', () => {
    const brave = { ...nights, duration: '10m', cutoff: '5m' };

    const it = plan({ fleet: fleetOf(1), playbook: playbook([removal], { windows: { nights: brave } }) });

    expect(it.timetable).toMatchObject([{ start: '2026-11-23T21:00:00Z', end: '2026-11-23T21:14:00Z' }]);
    expect(it.risks.find(({ code }) => code === 'short-cutoff')!.message).toContain('cutoff of 5m');
  });

  test('a fixed cutoff longer than the work is no risk', () => {
    const windows = { nights: { ...nights, cutoff: '1h' } };

    expect(riskCodes(plan({ fleet: fleetOf(1), playbook: playbook([removal], { windows }) }))).not.toContain(
      'short-cutoff',
    );
  });
});

describe('a wave that begins in the middle of an opening', () => {
  test('is not refused when the next opening holds it whole', () => {
    // Planned at 03:30 in the night: 30 minutes are left of six hours.
    const change = { now: Date.parse('2026-11-24T02:30:00Z') } as object;
    const it = plan({
      fleet: fleetOf(6),
      playbook: playbook([{ ...removal, concurrency: 1 }]),
      change,
    });

    expect(it.timetable.map(({ start }) => start)).toEqual([
      '2026-11-24T02:30:00Z',
      '2026-11-24T02:44:00Z',
      '2026-11-24T21:00:00Z',
      '2026-11-24T21:14:00Z',
      '2026-11-24T21:28:00Z',
      '2026-11-24T21:42:00Z',
    ]);
    expect(riskCodes(it)).toContain('spills');
  });
});

describe('waves and phases follow each other with their soaks', () => {
  test('the second wave waits for the first and its soak', () => {
    const waves = [{ hosts: 1, soak: '24h' }, 'rest'];
    const it = plan({ fleet: fleetOf(2), playbook: playbook([{ ...removal, waves }, signing]) });

    expect(it.timetable.map(({ host, phase, start }) => [host, phase, start])).toEqual([
      ['ws-001', 'disable-smb1', '2026-11-23T21:00:00Z'],
      ['ws-002', 'disable-smb1', '2026-11-24T21:14:00Z'],
      ['ws-001', 'server-signing', '2026-11-24T21:28:00Z'],
      ['ws-002', 'server-signing', '2026-11-24T21:28:00Z'],
    ]);
  });
});

describe('redundancy', () => {
  const pair = {
    groups: { dcs: ['dc-001', 'dc-002'] },
    sets: [{ name: 'dc', hosts: ['dc-002', 'dc-001'], minAvailable: 1 }],
  };
  const dc = (host: string) => stock(host, { os: { role: 'domain-controller' } });

  test('two domain controllers reboot one after the other', () => {
    const it = plan({ fleet: pair, playbook: playbook([removal]), observations: pair.groups.dcs.map(dc) });

    expect(it.timetable.map(({ start, end }) => [start, end])).toEqual([
      ['2026-11-23T21:00:00Z', '2026-11-23T21:24:00Z'],
      ['2026-11-23T21:24:00Z', '2026-11-23T21:48:00Z'],
    ]);
    expect(it.sets).toEqual([{ name: 'dc', hosts: ['dc-001', 'dc-002'], minAvailable: 1 }]);
    expect(it.risks.find(({ code }) => code === 'set-at-minimum')!.message).toBe(
      'redundancy set dc falls to its minimum of 1 while dc-001 or dc-002 reboots',
    );
  });

  test.each([
    ['unreachable', 'dc-002 is unreachable'],
    ['denied', 'dc-002 denied the logon'],
  ] as const)('with the partner %s the other is held, and the reason names the partner', (reach, words) => {
    const it = plan({
      fleet: pair,
      playbook: playbook([removal]),
      observations: [dc('dc-001'), unanswered('dc-002', reach)],
    });

    expect(hostOf(it, 'dc-001').holds).toEqual([
      {
        phase: 'disable-smb1',
        code: 'set-below-minimum',
        reason: `redundancy set dc keeps 1 up, and has none to spare: ${words}`,
      },
    ]);
    expect(hostOf(it, 'dc-002').holds).toEqual([]);
  });

  test('a dead partner does not hold a phase that reboots nobody', () => {
    const it = plan({
      fleet: pair,
      playbook: playbook([signing]),
      observations: [dc('dc-001'), unanswered('dc-002')],
    });

    expect(hostOf(it, 'dc-001').holds).toEqual([]);
  });

  test('a dead member of a larger set leaves the others to go one by one', () => {
    const nodes = ['n-001', 'n-002', 'n-003', 'n-004'];
    const fleet = { groups: { sql: nodes }, sets: [{ name: 'sql', hosts: nodes, minAvailable: 2 }] };

    const it = plan({ fleet, playbook: playbook([removal]), observations: [unanswered('n-004')] });

    const healthy = it.timetable.filter(({ host }) => host !== 'n-004').map(({ start }) => start);
    expect(new Set(healthy).size).toBe(3);
  });

  test('three cluster nodes of quorum two, in two waves, are never down together', () => {
    const nodes = ['n-001', 'n-002', 'n-003'];
    const fleet = {
      groups: { a: ['n-001'], b: ['n-002', 'n-003'] },
      sets: [{ name: 'sql', hosts: nodes, minAvailable: 2 }],
    };

    const it = plan({ fleet, playbook: playbook([{ ...removal, waves: ['a', 'b'] }]) });

    const times = it.timetable.map(({ start, end }) => [start, end]);
    times.slice(1).forEach(([start], index) => expect(start! >= times[index]![1]!).toBe(true));
    expect(times).toHaveLength(3);
  });

  test('a partner that nobody looked at is a risk', () => {
    const fleet = { ...pair, groups: { dcs: ['dc-001'] } };

    const it = plan({ fleet, playbook: playbook([removal]), observations: [dc('dc-001')] });

    expect(it.risks.find(({ code }) => code === 'set-partner-unobserved')!.message).toContain('dc-002');
  });
});

describe('risks of the calendar', () => {
  test.each([
    ['2026-03-20T11:00:00Z', 'it lasts 6h, from Sat 2026-03-28 22:00 CET to Sun 2026-03-29 05:00 CEST'],
    ['2026-10-20T11:00:00Z', 'it lasts 6h, from Sat 2026-10-24 22:00 CEST to Sun 2026-10-25 03:00 CET'],
  ])('a window that crosses a clock change within weeks of %s is told', (moment, words) => {
    const windows = { nights: { ...nights, days: ['sat'] } };

    const it = plan({
      fleet: fleetOf(1),
      playbook: playbook([removal], { windows }),
      change: { now: Date.parse(moment) } as object,
    });

    expect(it.risks.find(({ code }) => code === 'clock-change')!.message).toContain(words);
  });

  test('a clock change beyond the end of a long plan’s weeks is looked at as far as the plan goes', () => {
    const windows = { nights: { ...nights, days: ['sat'] } };
    const slow = { ...signing, name: 'slow', soak: '150d' };

    const it = plan({ fleet: fleetOf(1), playbook: playbook([slow, removal], { windows }) });

    expect(it.risks.filter(({ code }) => code === 'clock-change')).toHaveLength(1);
  });

  test('a window that is always open is told', () => {
    const it = plan({ fleet: fleetOf(1), playbook: playbook([{ ...removal, window: 'now' }]) });

    expect(riskCodes(it)).toContain('always-window');
    expect(it.timetable).toMatchObject([{ start: '2026-11-23T11:00:00Z' }]);
  });
});

describe('a plan made offline', () => {
  test('says so, with the age of the oldest observation and what was never seen', () => {
    const old = { ...stock('ws-001'), at: '2026-11-20T11:00:00Z' };
    const odd = { ...stock('ws-002'), at: 'yesterday' };
    const observations = new Map([old, odd].map((it) => [it.host, it]));

    const it = plan({
      fleet: fleetOf(3),
      playbook: playbook([signing]),
      change: { offline: true, observations } as object,
    });

    expect(it.offline).toBe(true);
    expect(it.risks.at(-1)).toEqual({
      code: 'offline',
      message:
        'planned offline, nothing was asked: the oldest observation is 3d old, and 1 host never observed',
    });
  });

  test('says nothing of hosts never seen when all were', () => {
    const it = plan({ fleet: fleetOf(1), playbook: playbook([signing]), change: { offline: true } });

    expect(it.risks.at(-1)!.message).toMatch(/is 0s old$/);
  });
});

test('long lists of hosts are cut short in risks', () => {
  const it = plan({ fleet: fleetOf(8), playbook: playbook([removal]), change: {} });

  expect(it.risks.find(({ code }) => code === 'feature-removal')!.message).toMatch(/^8 hosts .* and 3 more$/);
});

test('no place for a possible reboot is kept for a host that no set can spare', () => {
  const fleet = {
    groups: { dcs: ['dc-001', 'dc-002'] },
    sets: [{ name: 'dc', hosts: ['dc-001', 'dc-002'], minAvailable: 1 }],
  };
  const unread = { ...stock('dc-001'), controls: {} };

  const it = plan({ fleet, playbook: playbook([removal]), observations: [unread, unanswered('dc-002')] });

  expect(hostOf(it, 'dc-001').holds).toEqual([]);
  expect(it.timetable.find(({ host }) => host === 'dc-001')!.end).toBe('2026-11-23T21:02:00Z');
});
