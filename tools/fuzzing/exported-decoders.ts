import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const decoder = /^export (?:async )?function ((?:decode|decrypt|open|parse|read)[A-Z]\w*)/gm;

/** Functions of the wire that read what others wrote, by their names: `src/wire/clixml/decode.ts decodeClixml`. */
export function exportedDecoders(): readonly string[] {
  return globSync('src/wire/**/*.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(decoder)].map(([, name = '']) => `${file} ${name}`),
  );
}
