import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { translatePythonRegex } from './pattern-python.ts';
import type { PatternTerm } from './pattern-split.ts';

/** Tells which names a term matches, or why it cannot be used. */
export function nameMatcher(term: PatternTerm): Result<(name: string) => boolean, string> {
  if (term.kind === 'name') return ok((name) => name === term.name);
  const source = term.kind === 'glob' ? ok(globSource(term.name)) : translatePythonRegex(term.name);
  if (!source.ok) return source;
  try {
    const { pattern, flags } =
      typeof source.value === 'string' ? { pattern: source.value, flags: '' } : source.value;
    const expression = new RegExp(pattern, flags);
    return ok((name) => expression.test(name));
  } catch (error) {
    return err(error instanceof Error ? error.message : 'it is no regular expression');
  }
}

/** Python's `fnmatch`: `*`, `?`, `[seq]`, `[!seq]`; a bracket that is not closed stands for itself. */
function globSource(glob: string): string {
  let source = '';
  for (let at = 0; at < glob.length; at++) {
    const char = glob.charAt(at);
    const close = char === '[' ? endOfClass(glob, at) : -1;
    if (char === '*') source += '[^]*';
    else if (char === '?') source += '[^]';
    else if (close >= 0) {
      source += classSource(glob.slice(at + 1, close));
      at = close;
    } else source += escapeChar(char);
  }
  return `^${source}$`;
}

function endOfClass(glob: string, open: number): number {
  const first = glob.charAt(open + 1) === '!' ? open + 2 : open + 1;
  // A bracket in first place belongs to the class.
  return glob.indexOf(']', first + 1);
}

function classSource(content: string): string {
  const isNegated = content.startsWith('!');
  const members = (isNegated ? content.slice(1) : content).replace(/[\\\]^[]/g, String.raw`\$&`);
  return `[${isNegated ? '^' : ''}${members}]`;
}

function escapeChar(char: string): string {
  return /[\\^$.|+()[\]{}/]/.test(char) ? `\\${char}` : char;
}
