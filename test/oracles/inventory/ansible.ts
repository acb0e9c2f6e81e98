import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export function isAnsibleInstalled(): boolean {
  return spawnSync('ansible-inventory', ['--version']).status === 0;
}

/** What `ansible-inventory --list` says, as far as it is compared. */
export interface AnsibleInventory {
  readonly hostvars: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly groups: Readonly<Record<string, { readonly hosts?: string[]; readonly children?: string[] }>>;
}

/** A folder with files, gone after `use`. */
export function withFolder<T>(files: ReadonlyMap<string, string>, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-ansible-'));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function listInventory(folder: string, sources: readonly string[]): AnsibleInventory {
  const output = run('ansible-inventory', ['--list', ...sourceArguments(sources)], folder);
  const { _meta, ...groups } = JSON.parse(output) as AnsibleInventory['groups'] & {
    _meta: Pick<AnsibleInventory, 'hostvars'>;
  };
  return { hostvars: _meta.hostvars, groups };
}

export function drawGraph(folder: string, sources: readonly string[]): string {
  return run('ansible-inventory', ['--graph', ...sourceArguments(sources)], folder).trimEnd();
}

/** Hosts in the order in which `ansible --list-hosts` names them. */
export function listHosts(folder: string, sources: readonly string[], pattern: string): readonly string[] {
  const output = run('ansible', ['--list-hosts', ...sourceArguments(sources), '--', pattern], folder);
  return output
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function sourceArguments(sources: readonly string[]): readonly string[] {
  return sources.flatMap((source) => ['-i', source]);
}

function run(program: string, args: readonly string[], cwd: string): string {
  const env = { PATH: process.env['PATH'], HOME: cwd, LC_ALL: 'C.UTF-8', ANSIBLE_LOCALHOST_WARNING: 'false' };
  return execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
