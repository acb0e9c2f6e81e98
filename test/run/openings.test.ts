import { describe, expect, test } from 'vitest';
import { hours, instant, minutes } from '../../src/core/time.ts';
import { Openings } from '../../src/run/openings.ts';

const at = (text: string) => instant(Date.parse(text));
const night = { days: ['mon' as const], start: '22:00', duration: '6h', timezone: 'UTC', cutoff: 'auto' };
const past = { name: 'for ever', from: '2000-01-01', to: '2100-01-01', timezone: 'UTC' };

describe('openings', () => {
  test('are the same whatever was asked before, and in whichever order', () => {
    const times = [
      '2026-11-23T21:00:00Z',
      '2026-11-24T03:59:00Z',
      '2026-12-07T23:00:00Z',
      '2026-11-23T22:00:00Z',
    ];
    const remembering = new Openings({ windows: { night }, freezes: [] });

    for (const time of [...times, ...times.toReversed()])
      for (const needed of [minutes(1), hours(3), hours(7)]) {
        const fresh = new Openings({ windows: { night }, freezes: [] });
        expect(remembering.opening('night', needed, at(time))).toEqual(
          fresh.opening('night', needed, at(time)),
        );
      }
  });

  test('say until when the work may start, and else when next', () => {
    const openings = new Openings({ windows: { night }, freezes: [] });

    expect(openings.opening('night', hours(1), at('2026-11-23T22:00:00Z'))).toEqual({
      open: true,
      latest: at('2026-11-24T03:00:00Z'),
    });
    expect(openings.opening('night', hours(1), at('2026-11-24T03:00:01Z'))).toEqual({
      open: false,
      next: at('2026-11-30T22:00:00Z'),
    });
  });

  test('never come while a freeze covers all that can be foreseen', () => {
    const openings = new Openings({ windows: { night }, freezes: [past] });

    expect(openings.opening('night', hours(1), at('2026-11-23T22:00:00Z'))).toEqual({
      open: false,
      next: undefined,
    });
    expect(openings.opening(null, hours(1), at('2026-11-23T22:00:00Z'))).toEqual({
      open: false,
      next: undefined,
    });
  });
});
