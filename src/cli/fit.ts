import type { Io } from './io.ts';
import { visibleWidth } from './io.ts';

/** Below this width words would stand alone on their lines; the terminal may break them then. */
const narrowest = 40;

/**
 * Breaks lines that a terminal is too narrow for between words, and indents what follows below its beginning.
 * Elsewhere the text stays as it is, so that a line of a log is one statement.
 */
export function fit(text: string, { terminal, columns }: Pick<Io, 'terminal' | 'columns'>): string {
  if (!terminal || columns < narrowest) return text;
  return text
    .split('\n')
    .flatMap((line) => (visibleWidth(line) <= columns ? [line] : breakLine(line, columns)))
    .join('\n');
}

function breakLine(line: string, columns: number): readonly string[] {
  const hanging = `${/^ */.exec(line)?.[0] ?? ''}    `;
  const lines: string[] = [];
  let current = '';
  for (const part of line.match(/ *[^ ]+/g) ?? []) {
    if (current.trim() === '' || visibleWidth(current + part) <= columns) current += part;
    else {
      lines.push(current);
      current = hanging + part.trimStart();
    }
  }
  return [...lines, current];
}
