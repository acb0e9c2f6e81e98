import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';

export interface TranslatedRegex {
  readonly pattern: string;
  readonly flags: string;
}

/**
 * Python's syntax that JavaScript lacks, with what stands for it: a text, or `undefined` with the reason to refuse it.
 */
const constructs: readonly (readonly [form: RegExp, becomes: string | undefined, reason?: string])[] = [
  [/\(\?P<(\w+)>/y, '(?<$1>'],
  [/\(\?P=(\w+)\)/y, String.raw`\k<$1>`],
  [/\(\?#[^)]*\)/y, ''],
  [/\(\?\(/y, undefined, 'conditional groups, (?(…)…|…), exist only in Python'],
  [/\(\?>/y, undefined, 'atomic groups, (?>…), exist only in Python'],
  [/\(\?[a-zA-Z]+\)/y, undefined, 'flags for all of it must stand at its start'],
  [
    /\(\?[a-zA-Z]*[auLx][a-zA-Z]*(?:-[a-zA-Z]+)?:/y,
    undefined,
    'the flags a, u, L and x exist only in Python',
  ],
  [/(?:[*+?]|\{\d*,?\d*\})\+/y, undefined, 'possessive quantifiers exist only in Python'],
  [/\{,(\d+)\}/y, '{0,$1}'],
  [/\\A/y, '^'],
  [/\\Z/y, '(?![^])'],
  [/\\[N]/y, undefined, String.raw`\N{…} exists only in Python`],
  [/\\[pPkc]/y, undefined, 'this escape means something else in Python'],
  [/\\[^]/y, '$&'],
];

/**
 * A Python regular expression as a JavaScript one, anchored on the left as `re.match` does.
 *
 * @returns The reason where JavaScript has nothing that means the same.
 * @see https://docs.python.org/3/library/re.html#regular-expression-syntax
 */
export function translatePythonRegex(source: string): Result<TranslatedRegex, string> {
  const [head = '', flags = ''] = /^\(\?([a-zA-Z]+)\)/.exec(source) ?? [];
  if (/[^imsu]/.test(flags)) return err('of the flags only i, m and s can be used');
  let pattern = '';
  let at = head.length;
  while (at < source.length) {
    const step = source.charAt(at) === '[' ? readClass(source, at) : readConstruct(source, at);
    if (!step.ok) return step;
    pattern += step.value.text;
    at = step.value.end;
  }
  return ok({ pattern: `^(?:${pattern})`, flags: [...new Set(flags.replace('u', ''))].join('') });
}

type Step = Result<{ readonly text: string; readonly end: number }, string>;

function readConstruct(source: string, at: number): Step {
  for (const [form, becomes, reason = ''] of constructs) {
    const sticky = new RegExp(form);
    sticky.lastIndex = at;
    const match = sticky.exec(source);
    if (match === null) continue;
    if (becomes === undefined) return err(reason);
    const text = becomes.replace('$&', () => match[0]).replace('$1', () => match[1] ?? '');
    return ok({ text, end: sticky.lastIndex });
  }
  return ok({ text: source.charAt(at), end: at + 1 });
}

/** Within brackets only the first `]` differs: to Python it is a member, to JavaScript the end. */
function readClass(source: string, open: number): Step {
  const sticky = /\[(\^?)(\]?)((?:\\[^]|[^\]\\])*)\]/y;
  sticky.lastIndex = open;
  const [, negation = '', first = '', rest = ''] = sticky.exec(source) ?? [];
  if (sticky.lastIndex === 0) return err('a bracket is not closed');
  return ok({ text: `[${negation}${first === '' ? '' : String.raw`\]`}${rest}]`, end: sticky.lastIndex });
}
