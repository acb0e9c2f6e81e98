import { describe, expect, test } from 'vitest';
import { freezeSpan, horizon, occurrences } from '../../src/calendar/occurrences.ts';
import { formatInstant, parseInstant } from '../../src/core/time.ts';
import type { Instant } from '../../src/core/time.ts';
import { MaintenanceWindow } from '../../src/model/schedule.ts';

const at = (text: string): Instant => parseInstant(text)!;

function windowOf(rule: object): MaintenanceWindow {
  return MaintenanceWindow.parse({ start: '22:00', duration: '6h', timezone: 'Europe/Berlin', ...rule });
}

function instants(rule: object, from: string, until: string): string[] {
  return occurrences(windowOf(rule), { start: at(from), end: at(until) }).map(
    (span) => `${formatInstant(span.start)}/${formatInstant(span.end)}`,
  );
}

describe('the start day owns a window that crosses midnight', () => {
  const rule = { days: ['fri'] };

  test('Friday 22:00 for six hours is open on Saturday at 03:00', () => {
    expect(instants(rule, '2026-11-28T02:00:00Z', '2026-11-28T02:00:01Z')).toEqual([
      '2026-11-27T21:00:00Z/2026-11-28T03:00:00Z',
    ]);
  });

  test('it is shut on Friday at 03:00, and at the instant of its end', () => {
    expect(instants(rule, '2026-11-27T02:00:00Z', '2026-11-27T02:00:01Z')).toEqual([]);
    expect(instants(rule, '2026-11-28T03:00:00Z', '2026-11-28T03:00:01Z')).toEqual([]);
  });

  test('it is open at the instant of its start, and not one second before', () => {
    expect(instants(rule, '2026-11-27T21:00:00Z', '2026-11-27T21:00:01Z')).toHaveLength(1);
    expect(instants(rule, '2026-11-27T20:59:59Z', '2026-11-27T21:00:00Z')).toEqual([]);
  });

  test('a window longer than a day is found on its last day', () => {
    expect(instants({ ...rule, duration: '60h' }, '2026-11-30T08:00:00Z', '2026-11-30T08:30:00Z')).toEqual([
      '2026-11-27T21:00:00Z/2026-11-30T09:00:00Z',
    ]);
  });
});

describe('clock changes', () => {
  test.each([
    // Berlin, 29 March 2026: 02:00 becomes 03:00. Six elapsed hours end at 05:00 on the wall.
    [
      'the night in which an hour is missing',
      { days: ['sat'] },
      '2026-03-28',
      '2026-03-28T21:00:00Z/2026-03-29T03:00:00Z',
    ],
    // Berlin, 25 October 2026: 03:00 becomes 02:00. Six elapsed hours end at 03:00 on the wall.
    [
      'the night in which an hour comes twice',
      { days: ['sat'] },
      '2026-10-24',
      '2026-10-24T20:00:00Z/2026-10-25T02:00:00Z',
    ],
    [
      'a start in the gap means the moment of the change',
      { days: ['sun'], start: '02:30', duration: '1h' },
      '2026-03-29',
      '2026-03-29T01:00:00Z/2026-03-29T02:00:00Z',
    ],
    [
      'a start in the overlap means the first of the two',
      { days: ['sun'], start: '02:30', duration: '1h' },
      '2026-10-25',
      '2026-10-25T00:30:00Z/2026-10-25T01:30:00Z',
    ],
    [
      'a gap of half an hour on Lord Howe Island',
      { days: ['sun'], start: '02:15', duration: '1h', timezone: 'Australia/Lord_Howe' },
      '2026-10-03',
      '2026-10-03T15:30:00Z/2026-10-03T16:30:00Z',
    ],
    [
      'an overlap of half an hour on Lord Howe Island',
      { days: ['sun'], start: '01:45', duration: '1h', timezone: 'Australia/Lord_Howe' },
      '2026-04-04',
      '2026-04-04T14:45:00Z/2026-04-04T15:45:00Z',
    ],
    [
      'a gap at midnight in Cairo',
      { days: ['fri'], start: '00:00', duration: '1h', timezone: 'Africa/Cairo' },
      '2026-04-23',
      '2026-04-23T22:00:00Z/2026-04-23T23:00:00Z',
    ],
    [
      'a gap at midnight in Santiago',
      { days: ['sun'], start: '00:15', duration: '1h', timezone: 'America/Santiago' },
      '2026-09-06',
      '2026-09-06T04:00:00Z/2026-09-06T05:00:00Z',
    ],
    ['29 February', { start: '22:00' }, '2028-02-29', '2028-02-29T21:00:00Z/2028-03-01T03:00:00Z'],
  ])('%s', (_name, rule, date, expected) => {
    // The 36 hours around local noon of the date, where exactly one of the occurrences starts.
    const found = instants(rule, `${date}T12:00:00Z`, `${date}T23:59:00Z`);
    const early = instants(rule, `${date}T00:00:00Z`, `${date}T12:00:00Z`);

    expect([...early, ...found]).toContain(expected);
  });

  test('a daily window has one occurrence a day, over a gap and over an overlap', () => {
    const daily = { start: '02:30', duration: '30m' };

    expect(instants(daily, '2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z')).toEqual([
      '2026-03-29T01:00:00Z/2026-03-29T01:30:00Z',
      '2026-03-30T00:30:00Z/2026-03-30T01:00:00Z',
    ]);
    expect(instants(daily, '2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z')).toEqual([
      '2026-10-25T00:30:00Z/2026-10-25T01:00:00Z',
      '2026-10-26T01:30:00Z/2026-10-26T02:00:00Z',
    ]);
  });
});

describe('patch Tuesday', () => {
  // Second Tuesdays: 10 November and 8 December 2026, 12 January 2027.
  test.each([
    ['+0d', ['2026-11-10', '2026-12-08', '2027-01-12']],
    ['+4d', ['2026-11-14', '2026-12-12', '2027-01-16']],
    ['+25d', ['2026-11-07', '2026-12-05', '2027-01-02']],
    ['+60d', ['2026-11-07', '2026-12-12', '2027-01-09']],
    ['-9d', ['2026-11-01', '2026-11-29', '2027-01-03']],
    ['-40d', ['2026-10-29', '2026-12-03', '2026-12-31']],
  ])('%s belongs to the month it counts from', (patch_tuesday, expected) => {
    const found = instants(
      { patch_tuesday, timezone: 'UTC' },
      '2026-10-26T00:00:00Z',
      '2027-01-20T00:00:00Z',
    );

    expect(found.map((span) => span.slice(0, 10))).toEqual(expect.arrayContaining(expected));
    expect(found.length).toBeLessThanOrEqual(4);
  });

  test('a month that begins on a Tuesday has its second one on the 8th, and one that begins on a Wednesday on the 14th', () => {
    const rule = { patch_tuesday: '+0d', timezone: 'UTC' };

    expect(instants(rule, '2026-09-01T00:00:00Z', '2026-09-30T00:00:00Z')[0]).toContain('2026-09-08T22:00');
    expect(instants(rule, '2026-07-01T00:00:00Z', '2026-07-31T00:00:00Z')[0]).toContain('2026-07-14T22:00');
  });
});

describe('bounds', () => {
  test('a question about a million years is answered for the horizon', () => {
    const within = { start: at('2026-01-01T00:00:00Z'), end: Number.MAX_SAFE_INTEGER as Instant };

    const found = occurrences(windowOf({ timezone: 'UTC' }), within);

    // One a day, and the one of the night before.
    expect(found).toHaveLength(horizon / 86_400_000 + 1);
  });

  test('an empty or reversed stretch has no occurrences', () => {
    const [early, late] = [at('2026-01-01T00:00:00Z'), at('2026-01-02T00:00:00Z')];

    expect(occurrences(windowOf({}), { start: late, end: early })).toEqual([]);
    expect(occurrences({ always: true }, { start: late, end: late })).toEqual([]);
    expect(occurrences({ always: true }, { start: early, end: late })).toEqual([{ start: early, end: late }]);
  });
});

test('a freeze lasts from the beginning of its first day to the end of its last, in its zone', () => {
  const freeze = { name: 'spring', from: '2026-03-29', to: '2026-03-29', timezone: 'Europe/Berlin' };

  const { start, end } = freezeSpan(freeze);

  expect([start, end].map(formatInstant)).toEqual(['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z']);
});

test('a freeze that begins on a day without midnight begins at the end of the gap', () => {
  const freeze = { name: 'cairo', from: '2026-04-24', to: '2026-04-24', timezone: 'Africa/Cairo' };

  expect(formatInstant(freezeSpan(freeze).start)).toBe('2026-04-23T22:00:00Z');
});
