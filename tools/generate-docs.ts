// Writes docs/failures.md and docs/events.md from the registries; `test/docs/generated.test.ts` holds them current.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedPages } from './pages/pages.ts';

for (const [name, text] of generatedPages())
  writeFileSync(join(import.meta.dirname, '..', 'docs', name), text);
