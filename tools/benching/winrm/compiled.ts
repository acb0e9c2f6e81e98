import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');
const output = join(root, 'node_modules', '.cache', 'bench');
const imported = /(\bfrom|\bimport)(\s+|\()'(\.[^']*)\.ts'/g;

/**
 * Writes a module and all that it imports as JavaScript, and gives its path.
 *
 * What is shipped is JavaScript too: a process that strips types has tens of megabytes and a second of CPU time on top,
 * which would be counted as the client's.
 */
export function compiled(file: string): string {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'package.json'), '{"type":"module"}');
  const done = new Set<string>();
  const waiting = [resolve(file)];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (done.has(next)) continue;
    done.add(next);
    const source = stripTypeScriptTypes(readFileSync(next, 'utf8'));
    for (const [, , , path = ''] of source.matchAll(imported))
      waiting.push(resolve(dirname(next), `${path}.ts`));
    const target = targetOf(next);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(
      target,
      source.replace(imported, (_, word: string, gap: string, path: string) => `${word}${gap}'${path}.js'`),
    );
  }
  return targetOf(resolve(file));
}

function targetOf(source: string): string {
  return join(output, relative(root, source)).replace(/\.ts$/, '.js');
}
