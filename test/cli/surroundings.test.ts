import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

test('npm run countersign, asked from a folder of one’s own, works in that folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-away-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });

  const npm = ['--prefix', root, 'run', '-s', 'countersign', '--', 'init', 'rollout'];
  const ended = spawnSync('npm', npm, { cwd: folder, encoding: 'utf8' });

  expect(ended, ended.stderr).toMatchObject({ status: 0 });
  expect(existsSync(join(folder, 'rollout/inventories/hosts.yml'))).toBe(true);
});
