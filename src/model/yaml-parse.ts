import { Composer, LineCounter, Parser } from 'yaml';
import type { CST, Document } from 'yaml';
import { err, ok } from '../core/result.ts';
import { problem } from './document.ts';
import type { Position, Reading } from './document.ts';
import { maxDepth } from './yaml-build.ts';

export interface ParsedYaml {
  readonly document: Document.Parsed | undefined;
  readonly positionAt: (offset: number) => Position;
}

/** Parses one YAML document, with every syntax error; scalars stay texts, and repeated keys stay. */
export function parseYaml(text: string, file: string): Reading<ParsedYaml> {
  const lines = new LineCounter();
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  // The composer recurses, and V8 may abort the process where it runs out of stack; so depth is measured before.
  if (depthOf(tokens) > maxDepth) {
    const what = 'is nested too deeply';
    return err([problem(positionAt(0), 'document.too-large', { what, limit: `${maxDepth} levels` })]);
  }
  const composer = new Composer({
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
  });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  const broken = (document?.errors ?? []).map(({ pos: [offset], message }) => ({ offset, reason: message }));
  if (second !== undefined) broken.push({ offset: second.range[0], reason: 'a second document begins here' });
  if (broken.length === 0) return ok({ document, positionAt });
  return err(broken.map(({ offset, reason }) => problem(positionAt(offset), 'yaml.syntax', { reason })));
}

/** Levels of maps and lists, counted without recursion. */
function depthOf(tokens: readonly CST.Token[]): number {
  let deepest = 0;
  const open: { readonly token: CST.Token | null | undefined; readonly depth: number }[] = tokens.map(
    (token) => ({
      token: token.type === 'document' ? token.value : undefined,
      depth: 0,
    }),
  );
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (token === null || token === undefined || !('items' in token)) continue;
    deepest = Math.max(deepest, depth + 1);
    for (const { key, value } of token.items)
      open.push({ token: key, depth: depth + 1 }, { token: value, depth: depth + 1 });
  }
  return deepest;
}
