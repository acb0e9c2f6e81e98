import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { schemaFiles } from '../../tools/schemas/schema-files.ts';

const folder = join(import.meta.dirname, '../../schemas');

test('the schemas that ship are those of the models (else run: node tools/generate-schemas.ts)', () => {
  const generated = schemaFiles();

  const shipped = new Map(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

  expect([...shipped.keys()].sort()).toEqual([...generated.keys()].sort());
  for (const [name, text] of generated) expect(shipped.get(name), name).toBe(text);
});
