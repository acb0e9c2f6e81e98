import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeControl } from '../../tools/new-control.ts';

const catalog = 'src/controls/catalog.ts';
let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'new-control-'));
  cpSync(join(import.meta.dirname, '../..', catalog), join(root, catalog), { recursive: true });
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

test('a new control has a declaration, two scripts and cases, and is in the catalog', () => {
  const written = writeControl(root, 'smb-server-encryption');

  expect(written).toContain('src/controls/smb-server-encryption/set.ps1');
  for (const path of written) expect(existsSync(join(root, path))).toBe(true);
  const text = readFileSync(join(root, catalog), 'utf8');
  expect(text).toContain("import { smbServerEncryption } from './smb-server-encryption/control.ts';");
  expect(text).toContain('readonly Control[] = [smbServerEncryption, ');
});

test('the cases of a skeleton are documents that the case reader understands', () => {
  writeControl(root, 'smb-server-encryption');

  const file = join(root, 'test/controls/cases/smb-server-encryption/off.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    state: { enabled: false },
    assessment: { compliance: 'drifted', change: { enabled: true } },
    after: { enabled: true },
  });
});

test('nothing is overwritten', () => {
  writeControl(root, 'smb-server-encryption');
  const before = readFileSync(join(root, catalog), 'utf8');

  expect(writeControl(root, 'smb-server-encryption')).toMatch(/exists already/);
  expect(readFileSync(join(root, catalog), 'utf8')).toBe(before);
});

test.each([undefined, '', 'Smb1', '../escape', 'a--b', 'a/b'])('%o is no name for a control', (id) => {
  expect(writeControl(root, id)).toMatch(/^usage: /);
  expect(existsSync(join(root, 'test'))).toBe(false);
});
