import { wallAt } from '../calendar/zoned.ts';
import { hours, instant, minutes, seconds } from '../core/time.ts';
import type { Duration, Instant } from '../core/time.ts';

export interface Tick {
  readonly at: Instant;
  /** Local time; seconds only where the ticks are closer than a minute. */
  readonly label: string;
}

const steps: readonly Duration[] = [
  ...[5, 10, 30].map(seconds),
  ...[1, 2, 5, 10, 15, 30].map(minutes),
  ...[1, 2, 4, 6, 12, 24, 48].map(hours),
];
const mostTicks = 8;

/** Round local times between `start` and `end`, few enough to read. */
export function axisTicks({ start, end }: { start: Instant; end: Instant }, zone: string): Tick[] {
  const step = steps.find((each) => (end - start) / each <= mostTicks) ?? dayStep(end - start);
  const first = firstTick(start, step, zone);
  const count = Math.max(0, Math.floor((end - first) / step) + 1);
  return Array.from({ length: count }, (_, index) => instant(first + index * step)).map((at) => ({
    at,
    label: label(at, step, zone),
  }));
}

function dayStep(length: number): Duration {
  return hours(24 * Math.ceil(length / mostTicks / hours(24)));
}

/** The first moment from `start` on at which a clock in `zone` shows a multiple of `step` since midnight, or midnight. */
function firstTick(start: Instant, step: Duration, zone: string): Instant {
  const [hour = 0, minute = 0] = wallAt(start, zone).time.split(':').map(Number);
  const sinceMidnight = hours(hour) + minutes(minute) + (start % minutes(1));
  const period = Math.min(step, hours(24));
  return instant(start + ((period - (sinceMidnight % period)) % period));
}

function label(at: Instant, step: Duration, zone: string): string {
  const { date, time } = wallAt(at, zone);
  if (step >= hours(24)) return date.slice(5);
  if (step >= minutes(1)) return time;
  return `${time}:${String(Math.floor((at % minutes(1)) / 1000)).padStart(2, '0')}`;
}
