import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventTypes } from '../../src/model/event.ts';
import { failureCodes } from '../../src/core/failure-codes.ts';
import { generatedPages } from '../../tools/pages/pages.ts';

const folder = join(import.meta.dirname, '../../docs');

test('the pages of failures and events are those of the registries (else run: npm run docs)', () => {
  for (const [name, text] of generatedPages()) {
    expect(readFileSync(join(folder, name), 'utf8'), name).toBe(text);
  }
});

test('every failure code and every type of event stands on its page', () => {
  const pages = generatedPages();

  for (const code of Object.keys(failureCodes)) expect(pages.get('failures.md')).toContain(`| \`${code}\` |`);
  for (const type of Object.keys(eventTypes)) expect(pages.get('events.md')).toContain(`\n## ${type}\n`);
});
