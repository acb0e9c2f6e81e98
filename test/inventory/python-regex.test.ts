import { expect, test } from 'vitest';
import { translatePythonRegex } from '../../src/inventory/pattern-python.ts';

test.each([
  ['(?P<a>x)(?P=a)', 'xx', true],
  ['a{,2}b', 'aab', true],
  ['a{,2}b', 'aaab', false],
  [String.raw`\Aweb\Z`, 'web', true],
  [String.raw`\Aweb\Z`, 'web2', false],
  ['[]a]+$', ']a', true],
  ['[^]a]+$', 'bc', true],
  ['[^]a]+$', 'b]', false],
  [String.raw`[\]x]$`, ']', true],
  ['(?#a comment)web', 'web', true],
  ['(?i)WEB', 'web', true],
  ['(?i:WEB)-1', 'web-1', true],
  ['eb', 'web', false],
  ['a|b', 'xb', false],
  [String.raw`\\d`, String.raw`\d`, true],
])('%s on %s: %s, as re.match says', (source, text, matches) => {
  const translated = translatePythonRegex(source);

  if (!translated.ok) throw new Error(translated.error);
  expect(new RegExp(translated.value.pattern, translated.value.flags).test(text)).toBe(matches);
});

test.each([
  '(?(1)a|b)',
  'x(?i)y',
  '(?x:a b)',
  String.raw`\N{DIGIT ONE}`,
  String.raw`\p{L}`,
  '[a',
  'a++',
  'a{1,2}+',
])('%s is refused rather than read as something else', (source) => {
  expect(translatePythonRegex(source).ok).toBe(false);
});
