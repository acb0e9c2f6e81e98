import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A fenced block of a page. */
export interface Block {
  /** `README.md:19`: where it begins. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
}

const root = join(import.meta.dirname, '../..');

/** Pages for people: path below the root → its blocks in order. */
export function pagesWithBlocks(): ReadonlyMap<string, readonly Block[]> {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  const below = docs.filter((name) => name.endsWith('.md')).map((name) => join(root, 'docs', name));
  const pages = [...['README.md', 'CONTRIBUTING.md'].map((name) => join(root, name)), ...below];
  const found = pages.map((path) => [relative(root, path), blocksOf(path)] as const);
  return new Map(found.filter(([, blocks]) => blocks.length > 0));
}

function blocksOf(path: string): readonly Block[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map((found) => ({
    place: `${relative(root, path)}:${text.slice(0, found.index).split('\n').length}`,
    language: found[1] ?? '',
    text: found[2] ?? '',
  }));
}

/** The commands of a shell block, without comments; `a && b` is two. */
export function commandsOf(text: string): readonly (readonly string[])[] {
  return text
    .split(/\n|&&/)
    .map((line) => line.replace(/(^|\s)#.*/, '').trim())
    .filter((line) => line !== '')
    .map((line) => [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? ''));
}
