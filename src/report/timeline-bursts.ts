import { hours, instant, minus, plus, seconds } from '../core/time.ts';
import type { Instant } from '../core/time.ts';

/** A bar of one host in a drawing of a night. */
export interface Bar {
  readonly host: string;
  readonly phase: string;
  readonly kind: 'probe' | 'write' | 'reboot' | 'settle' | 'verify';
  readonly start: Instant;
  readonly end: Instant;
  /** For whom the mouse rests on it, and for screen readers. */
  readonly title: string;
  /** In words beside the bar, where it did not go well. */
  readonly trouble?: string;
}

/** A stretch of time in which work was dense, such as one night. */
export interface Burst {
  readonly start: Instant;
  readonly end: Instant;
  readonly bars: readonly Bar[];
}

/** A longer silence than this ends a burst: runs last for weeks, and work for minutes. */
const silence = hours(2);
/** Shorter bursts are drawn as long as this, so that a second is not as wide as the page. */
const shortest = seconds(30);

/** Splits the work of weeks into the bursts in which it was done. */
export function splitBursts(bars: readonly Bar[]): Burst[] {
  const bursts: { start: Instant; end: Instant; bars: Bar[] }[] = [];
  for (const bar of [...bars].sort((a, b) => a.start - b.start)) {
    const last = bursts.at(-1);
    if (last === undefined || bar.start > plus(last.end, silence))
      bursts.push({ start: bar.start, end: bar.end, bars: [bar] });
    else {
      last.bars.push(bar);
      if (bar.end > last.end) last.end = bar.end;
    }
  }
  return bursts.map(withMargin);
}

function withMargin({ start, end, bars }: Burst): Burst {
  const length = Math.max(end - start, shortest);
  const margin = seconds(Math.ceil(length / 50_000));
  return { start: minus(start, margin), end: plus(instant(start + length), margin), bars };
}
