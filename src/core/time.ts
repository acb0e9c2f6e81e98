import type { Brand } from './brand.ts';

/** A point in time: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = Brand<number, 'Instant'>;
/** A length of time in milliseconds; never negative. */
export type Duration = Brand<number, 'Duration'>;

export const instant = (epochMs: number): Instant => epochMs as Instant;
export const milliseconds = (count: number): Duration => count as Duration;
export const seconds = (count: number): Duration => (count * 1000) as Duration;
export const minutes = (count: number): Duration => (count * 60_000) as Duration;
export const hours = (count: number): Duration => (count * 3_600_000) as Duration;

export const plus = (at: Instant, length: Duration): Instant => (at + length) as Instant;
export const minus = (at: Instant, length: Duration): Instant => (at - length) as Instant;
/** From `start` to `end`; zero when `end` is not after `start`. */
export const between = (start: Instant, end: Instant): Duration => Math.max(0, end - start) as Duration;

/** `2026-11-23T21:00:00Z`, the form of all our documents: UTC, whole seconds. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** Reads an ISO 8601 instant with `Z` or an offset; undefined for anything else. */
export function parseInstant(text: string): Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/.test(text))
    return undefined;
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : (epochMs as Instant);
}

const unitMs = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;

/** Reads `30d`, `24h`, `1h30m`, `45s` (elapsed time, so a day is 24 hours) or ISO `PT20M`; undefined for anything else. */
export function parseDuration(text: string): Duration | undefined {
  const iso = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  const short = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  const parts: readonly (string | undefined)[] = (iso ?? short)?.slice(1) ?? [];
  if (parts.every((part) => part === undefined)) return undefined;
  const [w = 0, d = 0, h = 0, m = 0, s = 0] = parts.map((part) => Number(part ?? 0));
  return (w * unitMs.w + d * unitMs.d + h * unitMs.h + m * unitMs.m + s * unitMs.s) as Duration;
}

/** `1d2h`, `20m`, `45s`, `250ms`: the shortest form that `parseDuration` reads back (below a second: for people only). */
export function formatDuration(length: Duration): string {
  if (length < 1000) return length === 0 ? '0s' : `${Math.round(length)}ms`;
  let rest = Math.round(length / 1000) * 1000;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const count = Math.floor(rest / unitMs[unit]);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs[unit];
  }
  return text;
}
