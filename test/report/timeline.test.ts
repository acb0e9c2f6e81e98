import { expect, test } from 'vitest';
import { hours, minutes, parseInstant, plus, seconds } from '../../src/core/time.ts';
import type { Duration } from '../../src/core/time.ts';
import { axisTicks } from '../../src/report/timeline-axis.ts';
import { splitBursts } from '../../src/report/timeline-bursts.ts';
import type { Bar } from '../../src/report/timeline-bursts.ts';

const night = parseInstant('2026-11-23T21:00:00Z')!;

function bar(after: Duration, length: Duration): Bar {
  const start = plus(night, after);
  return { host: 'h', phase: 'p', kind: 'write', start, end: plus(start, length), title: 't' };
}

test('work of two nights makes two bursts', () => {
  const bursts = splitBursts([
    bar(hours(24), minutes(5)),
    bar(seconds(0), minutes(5)),
    bar(hours(1), minutes(1)),
  ]);

  expect(bursts.map(({ bars }) => bars.length)).toEqual([2, 1]);
});

test('a long reboot keeps what follows it in its burst', () => {
  const bursts = splitBursts([
    bar(seconds(0), hours(3)),
    bar(seconds(5), seconds(1)),
    bar(hours(4), minutes(1)),
  ]);

  expect(bursts).toHaveLength(1);
});

test('a burst of a moment is drawn as half a minute', () => {
  const [burst] = splitBursts([bar(seconds(0), seconds(0))]);

  expect(burst!.end - burst!.start).toBeGreaterThanOrEqual(seconds(30));
});

test('no work makes no burst', () => {
  expect(splitBursts([])).toEqual([]);
});

test.each([
  [seconds(30), ['22:00:00', '22:00:05', '22:00:10', '22:00:15', '22:00:20', '22:00:25', '22:00:30']],
  [minutes(12), ['22:00', '22:02', '22:04', '22:06', '22:08', '22:10', '22:12']],
  [hours(6), ['22:00', '23:00', '00:00', '01:00', '02:00', '03:00', '04:00']],
])('an axis of %d ms has round local times', (length, labels) => {
  const ticks = axisTicks({ start: night, end: plus(night, length) }, 'Europe/Berlin');

  expect(ticks.map(({ label }) => label)).toEqual(labels);
});

test('an axis begins at the first round time in a zone that is half an hour off', () => {
  const ticks = axisTicks({ start: plus(night, seconds(1)), end: plus(night, hours(5)) }, 'Asia/Kolkata');

  expect(ticks[0]!.label).toBe('03:00');
});

test('an axis over a clock change shows what clocks show', () => {
  const start = parseInstant('2026-10-25T00:00:00Z')!;

  const ticks = axisTicks({ start, end: plus(start, hours(4)) }, 'Europe/Berlin');

  expect(ticks.map(({ label }) => label)).toEqual([
    ...['02:00', '02:30', '02:00', '02:30', '03:00', '03:30', '04:00', '04:30', '05:00'],
  ]);
});

test('an axis of weeks counts days', () => {
  const ticks = axisTicks({ start: night, end: plus(night, hours(24 * 40)) }, 'Europe/Berlin');

  expect(ticks.length).toBeLessThanOrEqual(9);
  expect(ticks[0]!.label).toBe('11-24');
});
