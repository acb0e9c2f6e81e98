import type { Instant } from '../core/time.ts';

/**
 * Between which values the offset of a host's clock lies (host minus ours, in milliseconds).
 *
 * The host looked at its clock at some moment between the question and the answer, which a cold PowerShell makes
 * seconds, and it tells whole seconds.
 */
export interface ClockOffset {
  readonly least: number;
  readonly most: number;
}

const withinSecond = 999;

export function clockOffset(theirs: Instant, asked: Instant, answered: Instant): ClockOffset {
  return { least: theirs - answered, most: theirs + withinSecond - asked };
}

/** One number for people: 0 when nothing shows that the clocks differ, else the middle. */
export function likelyOffset({ least, most }: ClockOffset): number {
  return least <= 0 && most >= 0 ? 0 : Math.round((least + most) / 2);
}
