import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult, type ICruiseOptions } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import configuration from '../../.dependency-cruiser.mjs';
import { layers } from '../../tools/architecture/layers.mjs';

/** A house with one fault an import; the files they name exist, and import nothing by themselves. */
const faults: { file: string; imports: string; breaks: string }[] = [
  { file: 'src/core/a.ts', imports: '../ports/b.ts', breaks: 'core-layers' },
  { file: 'src/core/c.ts', imports: 'node:crypto', breaks: 'core-node-core' },
  { file: 'src/wire/a.ts', imports: '../remote/b.ts', breaks: 'wire-layers' },
  { file: 'src/wire/c.ts', imports: 'node:fs', breaks: 'wire-node-core' },
  { file: 'src/plan/a.ts', imports: '../inventory/read.ts', breaks: 'plan-layers' },
  { file: 'src/plan/c.ts', imports: 'zod', breaks: 'plan-packages' },
  { file: 'src/calendar/a.ts', imports: 'temporal-polyfill', breaks: 'calendar-packages' },
  { file: 'src/app/a.ts', imports: '../node/b.ts', breaks: 'app-layers' },
  { file: 'src/compose/a.ts', imports: 'listr2', breaks: 'compose-packages' },
  { file: 'src/cli/a.ts', imports: 'node:fs', breaks: 'cli-node-core' },
  { file: 'src/cli/c.ts', imports: 'vitest', breaks: 'no-dev-packages' },
  { file: 'src/controls/one/control.ts', imports: '../two/control.ts', breaks: 'controls-apart' },
  { file: 'src/engine/a.ts', imports: '../core/issue-write-permit.ts', breaks: 'write-permit' },
  { file: 'src/cli/d.ts', imports: '../index.ts', breaks: 'barrels-are-ends' },
  { file: 'src/helpers/a.ts', imports: '../core/d.ts', breaks: 'known-layer' },
  { file: 'src/run/a.ts', imports: '../../test/run/b.ts', breaks: 'source-stands-alone' },
  { file: 'src/run/d.ts', imports: './missing.ts', breaks: 'no-unresolvable' },
];

const innocent: { file: string; imports: string }[] = [
  { file: 'src/core/sha256.ts', imports: 'node:crypto' },
  { file: 'src/wire/d.ts', imports: 'node:crypto' },
  { file: 'src/wire/e.ts', imports: '../core/d.ts' },
  { file: 'src/calendar/zoned.ts', imports: 'temporal-polyfill' },
  { file: 'src/plan/d.ts', imports: '../inventory/pattern.ts' },
  { file: 'src/controls/catalog.ts', imports: './one/control.ts' },
  { file: 'src/engine/perform.ts', imports: '../core/issue-write-permit.ts' },
  { file: 'test/engine/a.test.ts', imports: '../../src/core/issue-write-permit.ts' },
  { file: 'src/index.ts', imports: './compose/b.ts' },
  { file: 'src/node/b.ts', imports: 'node:net' },
  { file: 'src/cli/e.ts', imports: 'commander' },
];

let house: string;
let violations: { rule: string; from: string; to: string }[];

beforeAll(async () => {
  house = mkdtempSync(join(tmpdir(), 'countersign-house-'));
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(house, 'node_modules'), 'junction');
  symlinkSync(join(import.meta.dirname, '../../package.json'), join(house, 'package.json'));
  for (const { file, imports } of [...faults, ...innocent]) {
    // Only the type is imported: the checker must see through `import type` too.
    build(file, `import type {} from '${imports}';\n`);
    if (imports.startsWith('.') && !imports.includes('missing')) build(join(dirname(file), imports), '');
  }
  build('src/report/round.ts', `import type {} from './about.ts';\n`);
  build('src/report/about.ts', `import type {} from './round.ts';\n`);
  build('src/report/alone.ts', 'export const alone = 1;\n');

  violations = await violationsIn(house);
});

afterAll(() => {
  rmSync(house, { recursive: true, force: true });
});

describe('an import that crosses a boundary is named with its rule', () => {
  test.each(faults)('$file may not import $imports', ({ file, breaks }) => {
    expect(violations.filter(({ from }) => from === file).map(({ rule }) => rule)).toContain(breaks);
  });
});

test.each(innocent)('$file may import $imports', ({ file }) => {
  expect(violations.filter(({ from }) => from === file)).toEqual([]);
});

test('two modules that need only each other’s types are a cycle', () => {
  expect(violations).toContainEqual({
    rule: 'no-cycles',
    from: 'src/report/about.ts',
    to: 'src/report/round.ts',
  });
});

test('a module that nobody imports and that imports nobody is an orphan', () => {
  expect(violations).toContainEqual({
    rule: 'no-orphans',
    from: 'src/report/alone.ts',
    to: 'src/report/alone.ts',
  });
});

test('the table is the design: no two layers may import each other', () => {
  for (const [name, { layers: below }] of Object.entries(layers)) {
    for (const other of below) {
      expect(layers[other]?.layers ?? [], `${name} ⇄ ${other}`).not.toContain(name);
    }
  }
});

test('every rule says what to do', () => {
  for (const { name, comment } of configuration.forbidden ?? []) {
    expect(comment, name).toMatch(/\S{3,} \S/);
  }
});

/** Writes one module, unless the house has it with an import already. */
function build(file: string, text: string): void {
  const path = join(house, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { flag: text === '' ? 'a' : 'w' });
}

async function violationsIn(baseDir: string): Promise<{ rule: string; from: string; to: string }[]> {
  const { forbidden, options } = configuration;
  const { cache: _cache, tsConfig: _tsConfig, enhancedResolveOptions, ...rest } = options ?? {};
  const cruiseOptions = { ...rest, baseDir, ruleSet: { forbidden }, validate: true } as ICruiseOptions;
  const { output } = await cruise(['src', 'test'], cruiseOptions, enhancedResolveOptions);
  return (output as ICruiseResult).summary.violations.map(({ rule, from, to }) => ({
    rule: rule.name,
    from,
    to,
  }));
}
