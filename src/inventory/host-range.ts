import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';

/** Most hosts that one name may stand for. */
export const maxRangeHosts = 100_000;

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Hosts that a key under `hosts:` stands for. */
export interface HostPattern {
  readonly names: readonly string[];
  /** From `name:port` or `[address]:port`. */
  readonly port?: number;
}

/**
 * Expands `web-[01:50:2].example` and `db-[a:c]`, several ranges a name, and takes a port off.
 *
 * Bounds are inclusive; a begin with leading zeros pads, and needs an end of equal length; letters run a–z, then A–Z.
 *
 * @returns Failure `inventory.host-range`.
 * @see https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html#adding-ranges-of-hosts
 */
export function expandHostPattern(text: string): Result<HostPattern> {
  const bracketed = /^\[([^\]]*:[^\]]*:[^\]]*)\]:(\d+)$/.exec(text);
  if (bracketed?.[1] !== undefined) return ok({ names: [bracketed[1]], port: Number(bracketed[2]) });
  const [, host = text, port] = /^((?:[^:[\]]|\[[^\]]*\])*):(\d+)$/.exec(text) ?? [];
  const names = expandRanges(host, text);
  if (!names.ok) return names;
  return ok(port === undefined ? { names: names.value } : { names: names.value, port: Number(port) });
}

function expandRanges(name: string, whole: string): Result<readonly string[]> {
  const open = name.indexOf('[');
  if (open < 0) return ok([name]);
  const refuse = (reason: string) => err(failure('inventory.host-range', { range: whole, reason }));
  const close = name.indexOf(']', open);
  if (close < 0) return refuse('a bracket is not closed');
  const texts = rangeTexts(name.slice(open + 1, close));
  if (typeof texts === 'string') return refuse(texts);
  const tails = expandRanges(name.slice(close + 1), whole);
  if (!tails.ok) return tails;
  if (texts.length * tails.value.length > maxRangeHosts)
    return refuse(`it stands for more than ${maxRangeHosts} hosts`);
  const head = name.slice(0, open);
  return ok(texts.flatMap((text) => tails.value.map((tail) => head + text + tail)));
}

/** The texts of `begin:end:step`, or why there are none. */
function rangeTexts(range: string): readonly string[] | string {
  const bounds = range.split(':');
  const [begin = '', end = '', stepText = '1'] = bounds;
  if (bounds.length < 2 || bounds.length > 3) return 'a range has a begin, an end and at most a step';
  if (end === '') return 'the end is missing';
  if (!/^\d+$/.test(stepText) || Number(stepText) < 1) return 'the step must be a whole number above zero';
  const step = Number(stepText);
  if (/^[a-zA-Z]$/.test(begin) && /^[a-zA-Z]$/.test(end)) {
    const [first, last] = [letters.indexOf(begin), letters.indexOf(end)];
    return first > last
      ? 'the begin is after the end'
      : everyNth(first, last, step).map((at) => letters.charAt(at));
  }
  if (!/^\d*$/.test(begin) || !/^\d+$/.test(end)) return 'the bounds must be two numbers or two letters';
  return numbers(begin === '' ? '0' : begin, end, step);
}

function numbers(begin: string, end: string, step: number): readonly string[] | string {
  const isPadded = begin.length > 1 && begin.startsWith('0');
  if (isPadded && begin.length !== end.length) return 'a padded begin needs an end of equal length';
  const [first, last] = [Number(begin), Number(end)];
  if (first > last) return 'the begin is after the end';
  if ((last - first) / step >= maxRangeHosts || !Number.isSafeInteger(last)) {
    return `it stands for more than ${maxRangeHosts} hosts`;
  }
  return everyNth(first, last, step).map((count) => String(count).padStart(isPadded ? begin.length : 0, '0'));
}

function everyNth(first: number, last: number, step: number): readonly number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}
