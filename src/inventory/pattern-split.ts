import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';

/** One term of a host pattern. */
export interface PatternTerm {
  /** As written, with its sign; for messages. */
  readonly text: string;
  /** What it does to the selection: plain, `&`, `!`. */
  readonly role: 'add' | 'keep' | 'remove';
  readonly kind: 'name' | 'glob' | 'regex';
  /** Without sign; a regular expression without its `~`, everything else without its subscript. */
  readonly name: string;
  /** Without sign, with subscript. */
  readonly whole: string;
  readonly subscript?: Subscript;
}

/** `[0]`, `[-1]`, or inclusive `[1:3]`, `[1:]`. */
export type Subscript =
  | { readonly kind: 'index'; readonly at: number }
  | { readonly kind: 'slice'; readonly first: number; readonly last?: number };

/** Longest pattern. */
const maxPatternLength = 10_000;

/**
 * Splits a pattern into terms in the order in which they count: plain ones, then `&`, then `!`; without a plain one,
 * `all` is implied.
 *
 * A comma splits always, a colon only where there is no comma and outside brackets, as in Ansible.
 *
 * @returns Failure `inventory.pattern`.
 */
export function splitPattern(text: string): Result<readonly PatternTerm[]> {
  const refuse = (reason: string) =>
    err(failure('inventory.pattern', { term: 'It', pattern: text.slice(0, 200), reason }));
  if (text.length > maxPatternLength) return refuse('it is too long');
  if (text.trim() === '') return refuse('it is empty');
  if (/(?:^|[,:])\s*[&!]?@/.test(text))
    return refuse('a list of hosts in a file (@FILE) is not supported yet');
  const terms: PatternTerm[] = [];
  for (const part of partsOf(text)) {
    const term = readTerm(part);
    if (typeof term === 'string')
      return err(failure('inventory.pattern', { term: part, pattern: text, reason: term }));
    terms.push(term);
  }
  const ofRole = (role: PatternTerm['role']) => terms.filter((term) => term.role === role);
  const added = ofRole('add');
  const all: PatternTerm = { text: 'all', role: 'add', kind: 'name', name: 'all', whole: 'all' };
  return ok([...(added.length === 0 ? [all] : added), ...ofRole('keep'), ...ofRole('remove')]);
}

function partsOf(text: string): readonly string[] {
  const parts = text.includes(',') ? text.split(',') : isAddress(text) ? [text] : splitAtColons(text);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** An IPv6 address is one term; so is `host:port`, which then matches nothing unless a host is named so. */
function isAddress(text: string): boolean {
  const isIpv6 = /^[\da-f:.]+$/i.test(text) && (text.includes('::') || text.split(':').length === 8);
  return isIpv6 || /^(?:[\w.-]|\[[^\]]*\])+:\d+$/.test(text);
}

function splitAtColons(text: string): readonly string[] {
  return text.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? [];
}

/** The term, or why it is none. */
function readTerm(text: string): PatternTerm | string {
  const sign = text.charAt(0);
  const role = sign === '!' ? 'remove' : sign === '&' ? 'keep' : 'add';
  const whole = role === 'add' ? text : text.slice(1);
  if (whole === '') return 'a name must follow the sign';
  if (whole.startsWith('~')) {
    return whole === '~'
      ? 'the regular expression is empty'
      : { text, role, kind: 'regex', name: whole.slice(1), whole };
  }
  const [, name, index, first, last] = /^(.+)\[(?:(-?\d+)|(\d+):(\d*))\]$/.exec(whole) ?? [];
  if (/^.+\[\d+-\d*\]$/.test(whole)) return 'write the subscript as [first:last]';
  const kind = /[*?[]/.test(name ?? whole) ? 'glob' : 'name';
  if (name === undefined) return { text, role, kind, name: whole, whole };
  if (index !== undefined)
    return { text, role, kind, name, whole, subscript: { kind: 'index', at: Number(index) } };
  const slice: Subscript = { kind: 'slice', first: Number(first) };
  if (last === undefined || last === '') return { text, role, kind, name, whole, subscript: slice };
  if (Number(last) < Number(first)) return 'the subscript ends before it begins';
  return { text, role, kind, name, whole, subscript: { ...slice, last: Number(last) } };
}
