import type { Instant } from '../core/time.ts';

/** A half-open stretch of time: `start` belongs to it, `end` does not. */
export interface TimeSpan {
  readonly start: Instant;
  readonly end: Instant;
}

export const contains = (span: TimeSpan, at: Instant): boolean => span.start <= at && at < span.end;

/** The spans in order, with those that touch or overlap joined, and empty ones left out. */
export function union(spans: readonly TimeSpan[]): TimeSpan[] {
  const joined: TimeSpan[] = [];
  for (const span of spans.filter(isNotEmpty).sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = joined.at(-1);
    if (last === undefined || last.end < span.start) joined.push(span);
    else if (last.end < span.end) joined[joined.length - 1] = { start: last.start, end: span.end };
  }
  return joined;
}

/** What is left of `spans` without `holes`; both in order and without overlaps, as `union` gives them. */
export function subtract(spans: readonly TimeSpan[], holes: readonly TimeSpan[]): TimeSpan[] {
  return spans.flatMap((span) => {
    const left: TimeSpan[] = [];
    let start = span.start;
    for (const hole of holes) {
      if (hole.end <= start || hole.start >= span.end) continue;
      left.push({ start, end: hole.start });
      start = hole.end;
    }
    return [...left, { start, end: span.end }].filter(isNotEmpty);
  });
}

function isNotEmpty(span: TimeSpan): boolean {
  return span.start < span.end;
}
