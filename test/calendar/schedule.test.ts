import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarVersion } from '../../src/calendar/version.ts';
import { clockChanges } from '../../src/calendar/zoned.ts';
import { formatLocal } from '../../src/calendar/local-time.ts';
import {
  closedBy,
  effectiveSpans,
  isOpen,
  latestStart,
  nextOpening,
  scheduleOf,
  spanAt,
} from '../../src/calendar/schedule.ts';
import type { Schedule } from '../../src/calendar/schedule.ts';
import { contains, subtract, union } from '../../src/calendar/span.ts';
import type { TimeSpan } from '../../src/calendar/span.ts';
import { formatInstant, hours, instant, minutes, parseInstant, plus } from '../../src/core/time.ts';
import type { Instant } from '../../src/core/time.ts';
import { Calendar } from '../../src/model/schedule.ts';

const at = (text: string): Instant => parseInstant(text)!;
const shown = (span: TimeSpan | undefined): string | undefined =>
  span && `${formatInstant(span.start)}/${formatInstant(span.end)}`;

const calendar = Calendar.parse({
  windows: {
    nights: { days: ['mon', 'tue', 'wed', 'thu'], start: '22:00', duration: '6h', timezone: 'Europe/Berlin' },
    weekend: {
      patch_tuesday: '+4d',
      start: '22:00',
      duration: '8h',
      timezone: 'Europe/Berlin',
      cutoff: '90m',
    },
    daily: { start: '00:00', duration: '24h', timezone: 'Europe/Berlin' },
    now: { always: true },
  },
  freezes: [
    { name: 'year end', from: '2026-12-18', to: '2027-01-06', timezone: 'Europe/Berlin' },
    { name: 'audit day', from: '2026-12-02', to: '2026-12-02', timezone: 'Europe/Berlin' },
  ],
});
const schedule = (name: string | null): Schedule => scheduleOf(calendar, name)!;

describe('openings', () => {
  test('an open window is its own next opening', () => {
    const monday = at('2026-11-23T23:00:00Z');

    expect(shown(nextOpening(schedule('nights'), monday))).toBe('2026-11-23T21:00:00Z/2026-11-24T03:00:00Z');
    expect(isOpen(schedule('nights'), monday)).toBe(true);
    expect(spanAt(schedule('nights'), at('2026-11-24T03:00:00Z'))).toBeUndefined();
  });

  test('a freeze wins over a window, and cuts one that reaches into it', () => {
    // Tuesday 1 December 22:00 would last to Wednesday 04:00; Wednesday is frozen until Thursday.
    expect(shown(spanAt(schedule('nights'), at('2026-12-01T22:00:00Z')))).toBe(
      '2026-12-01T21:00:00Z/2026-12-01T23:00:00Z',
    );
    expect(closedBy(schedule('nights'), at('2026-12-01T23:00:00Z'))).toMatchObject({
      kind: 'freeze',
      freeze: { name: 'audit day' },
      until: at('2026-12-02T23:00:00Z'),
    });
    // What Wednesday's window has left after the freeze belongs to Wednesday's window.
    expect(shown(nextOpening(schedule('nights'), at('2026-12-01T23:00:00Z')))).toBe(
      '2026-12-02T23:00:00Z/2026-12-03T03:00:00Z',
    );
  });

  test('the last day of a freeze is frozen to its end', () => {
    expect(isOpen(schedule('now'), at('2027-01-06T22:59:59Z'))).toBe(false);
    expect(isOpen(schedule('now'), at('2027-01-06T23:00:00Z'))).toBe(true);
    expect(shown(nextOpening(schedule('nights'), at('2026-12-18T00:00:00Z')))).toBe(
      '2027-01-06T23:00:00Z/2027-01-07T03:00:00Z',
    );
  });

  test('a phase without a window is open but in a freeze', () => {
    expect(isOpen(schedule(null), at('2026-11-24T12:00:00Z'))).toBe(true);
    expect(isOpen(schedule(null), at('2026-12-24T12:00:00Z'))).toBe(false);
  });

  test('a shut window says so, and an unknown one is no schedule', () => {
    expect(closedBy(schedule('nights'), at('2026-11-24T12:00:00Z'))).toEqual({
      kind: 'window',
      name: 'nights',
    });
    expect(closedBy(schedule('nights'), at('2026-11-24T22:00:00Z'))).toBeUndefined();
    expect(closedBy({ ...schedule('nights'), name: null }, at('2026-11-24T12:00:00Z'))).toMatchObject({
      name: '',
    });
    expect(scheduleOf(calendar, 'toString')).toBeUndefined();
  });

  test('a window that a freeze covers to the horizon does not open', () => {
    const frozen = {
      ...schedule('nights'),
      freezes: [{ name: 'for ever', from: '2026-01-01', to: '2060-01-01', timezone: 'UTC' }],
    };

    expect(nextOpening(frozen, at('2026-11-24T12:00:00Z'))).toBeUndefined();
  });

  test('a window whose duration cannot be read never opens', () => {
    const odd: Schedule = {
      name: 'odd',
      freezes: [],
      window: { start: '22:00', duration: 'a while', timezone: 'UTC', cutoff: 'auto' },
    };

    expect(nextOpening(odd, at('2026-11-24T22:00:00Z'))).toBeUndefined();
  });

  test('a rare opening beyond the near future is found', () => {
    const frozen = {
      ...schedule('nights'),
      freezes: [{ name: 'half a year', from: '2026-11-01', to: '2027-05-02', timezone: 'UTC' }],
    };

    expect(shown(nextOpening(frozen, at('2026-11-24T12:00:00Z')))).toBe(
      '2027-05-03T20:00:00Z/2027-05-04T02:00:00Z',
    );
  });

  test('windows that touch are one opening, so that nothing stops at midnight', () => {
    const [span] = effectiveSpans(schedule('daily'), {
      start: at('2026-11-24T00:00:00Z'),
      end: at('2026-11-27T00:00:00Z'),
    });

    expect(shown(span)).toBe('2026-11-23T23:00:00Z/2026-11-27T23:00:00Z');
  });
});

describe('cutoff', () => {
  const span = { start: at('2026-11-23T21:00:00Z'), end: at('2026-11-24T03:00:00Z') };

  test('auto keeps just the expected time free', () => {
    expect(formatInstant(latestStart(schedule('nights'), span, minutes(13)))).toBe('2026-11-24T02:47:00Z');
    expect(formatInstant(latestStart(schedule(null), span, minutes(13)))).toBe('2026-11-24T02:47:00Z');
    expect(formatInstant(latestStart(schedule('now'), span, minutes(13)))).toBe('2026-11-24T02:47:00Z');
  });

  test('a fixed cutoff is kept whatever the work takes', () => {
    expect(formatInstant(latestStart(schedule('weekend'), span, minutes(13)))).toBe('2026-11-24T01:30:00Z');
  });

  test('a cutoff that cannot be read keeps the expected time free', () => {
    const odd: Schedule = {
      name: 'odd',
      freezes: [],
      window: { start: '22:00', duration: '6h', timezone: 'UTC', cutoff: 'soon' },
    };

    expect(formatInstant(latestStart(odd, span, minutes(13)))).toBe('2026-11-24T02:47:00Z');
  });
});

describe('laws of spans', () => {
  const spans = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 30 })), { maxLength: 8 })
    .map((pairs) =>
      pairs.map(([start, length]) => ({ start: instant(start), end: instant(start + length) })),
    );
  const moments = Array.from({ length: 135 }, (_, index) => instant(index));
  const covers = (list: readonly TimeSpan[], moment: Instant): boolean =>
    list.some((span) => contains(span, moment));

  test('a union covers what its parts cover, in order and without touching', () => {
    fc.assert(
      fc.property(spans, (parts) => {
        const whole = union(parts);

        for (const moment of moments) expect(covers(whole, moment)).toBe(covers(parts, moment));
        whole.slice(1).forEach((span, index) => expect(span.start).toBeGreaterThan(whole[index]!.end));
      }),
    );
  });

  test('a difference covers what is in the spans and in none of the holes', () => {
    fc.assert(
      fc.property(spans, spans, (left, right) => {
        const rest = subtract(union(left), union(right));

        for (const moment of moments)
          expect(covers(rest, moment)).toBe(covers(left, moment) && !covers(right, moment));
      }),
    );
  });

  test('isOpen, nextOpening and effectiveSpans agree at any moment of two years', () => {
    const start = at('2026-01-01T00:00:00Z');
    const name = fc.constantFrom('nights', 'weekend', 'daily', 'now', null);
    fc.assert(
      fc.property(name, fc.integer({ min: 0, max: 730 * 24 * 60 }), (window, minute) => {
        const moment = plus(start, minutes(minute));
        const it = schedule(window);

        const around = effectiveSpans(it, { start: moment, end: plus(moment, hours(1)) });
        const next = nextOpening(it, moment);

        expect(isOpen(it, moment)).toBe(around.some((span) => contains(span, moment)));
        expect(next!.end).toBeGreaterThan(moment);
        expect(isOpen(it, moment)).toBe(next!.start <= moment);
        expect(closedBy(it, moment) === undefined).toBe(isOpen(it, moment));
      }),
      { numRuns: 60 },
    );
  });
});

describe('local time for people', () => {
  test.each([
    ['2026-11-24T21:00:00Z', 'Europe/Berlin', 'Tue 2026-11-24 22:00 CET'],
    ['2026-07-01T20:00:00Z', 'Europe/Berlin', 'Wed 2026-07-01 22:00 CEST'],
    ['2026-11-25T03:00:00Z', 'America/New_York', 'Tue 2026-11-24 22:00 EST'],
    ['2026-11-24T11:00:00Z', 'Australia/Sydney', 'Tue 2026-11-24 22:00 AEDT'],
    ['2026-11-24T16:30:00Z', 'Asia/Kolkata', 'Tue 2026-11-24 22:00 IST'],
    ['2026-11-24T13:00:00Z', 'Asia/Tokyo', 'Tue 2026-11-24 22:00 UTC+09:00'],
    ['2026-11-24T22:00:00Z', 'UTC', 'Tue 2026-11-24 22:00 UTC'],
    ['2028-02-29T22:00:00Z', 'Etc/UTC', 'Tue 2028-02-29 22:00 UTC'],
  ])('%s in %s is %s', (moment, zone, text) => {
    expect(formatLocal(at(moment), zone)).toBe(text);
  });
});

describe('what a plan records of the calendar', () => {
  test('the clock changes of a zone, with their direction', () => {
    const within = { start: at('2026-01-01T00:00:00Z'), end: at('2027-01-01T00:00:00Z') };

    const changes = clockChanges('Australia/Lord_Howe', within).map((it) => [
      formatInstant(it.at),
      it.forwardMinutes,
    ]);

    expect(changes).toEqual([
      ['2026-04-04T15:00:00Z', -30],
      ['2026-10-03T15:30:00Z', 30],
    ]);
    expect(clockChanges('UTC', within)).toEqual([]);
  });

  test('the version names each zone once, and differs between zones with other rules', () => {
    const version = calendarVersion(calendar);
    const other = calendarVersion({
      windows: {},
      freezes: [{ ...calendar.freezes[0]!, timezone: 'Asia/Tokyo' }],
    });

    expect(version).toMatch(/^Europe\/Berlin@[0-9a-f]{12}$/);
    expect(other.split('@')[1]).not.toBe(version.split('@')[1]);
  });
});

test('results do not depend on the time zone or locale of the process', () => {
  const script = `
    import { effectiveSpans, scheduleOf } from './src/calendar/schedule.ts';
    import { formatLocal } from './src/calendar/local-time.ts';
    import { calendarVersion } from './src/calendar/version.ts';
    const calendar = ${JSON.stringify(calendar)};
    const spans = Object.keys(calendar.windows).map((name) => effectiveSpans(scheduleOf(calendar, name),
      { start: Date.UTC(2026, 2, 20), end: Date.UTC(2027, 2, 20) }));
    console.log(JSON.stringify([spans, formatLocal(spans[0][0].start, 'Europe/Berlin'), calendarVersion(calendar)]));`;
  const run = (env: Record<string, string>): string =>
    execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
      env: { PATH: process.env['PATH'], ...env },
      encoding: 'utf8',
    });

  const results = [
    { TZ: 'UTC', LANG: 'C' },
    { TZ: 'America/Los_Angeles', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' },
    { TZ: 'Australia/Lord_Howe', LANG: 'ar_EG.UTF-8', LC_ALL: 'ar_EG.UTF-8' },
  ].map(run);

  expect(results[0]).toContain('CET');
  expect(new Set(results).size).toBe(1);
}, 60_000);
