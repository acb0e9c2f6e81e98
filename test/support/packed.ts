import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** An empty project of somebody else, in which the packed tarball is installed. */
export interface Installed {
  readonly folder: string;
  /** Runs Node, the pinned one unless another is named, in the project or in a folder of it. */
  node(args: readonly string[], o?: { readonly program?: string; readonly cwd?: string }): Ended;
  remove(): void;
}

const root = join(import.meta.dirname, '../..');
const pinnedBin = join(root, 'node_modules', '.bin');

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean } & Record<string, unknown>>>;
}

/** Packs this package as `npm pack` does, and installs the tarball with its dependencies as our lock file has them. */
export function installPacked(): Installed {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-packed-')));
  // npm runs on the machine's own Node; the package is built by the pinned one, as `npm run` would.
  run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root });
  const { version, dependencies } = readJson(join(root, 'package.json')) as Manifest;
  const tarball = `file:countersign-${version}.tgz`;
  const project = { name: 'consumer', version: '1.0.0', dependencies: { countersign: tarball } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...project, type: 'module' }));
  writeFileSync(
    join(folder, 'package-lock.json'),
    JSON.stringify({
      ...project,
      lockfileVersion: 3,
      packages: lockedFor(project, { version, dependencies }),
    }),
  );
  const npmCi = ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--silent'];
  run('npm', npmCi, { cwd: folder });
  return {
    folder,
    node: (args, { program = process.execPath, cwd = folder } = {}) => start(program, args, cwd),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a lock file of the project says: our own entries, so that nothing newer is looked for. */
function lockedFor(project: object, { version, dependencies }: Manifest): object {
  const { packages } = readJson(join(root, 'package-lock.json')) as LockFile;
  const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  return {
    '': project,
    'node_modules/countersign': {
      ...{ version, dependencies, resolved: `file:countersign-${version}.tgz` },
      bin: { countersign: 'bin/countersign.mjs' },
    },
    ...Object.fromEntries(shipped),
  };
}

function run(program: string, args: readonly string[], { cwd }: { readonly cwd: string }): void {
  const ended = start(program, args, cwd);
  if (ended.code !== 0) throw new Error(`${program} ${args.join(' ')}: ${ended.out}${ended.err}`);
}

function start(program: string, args: readonly string[], cwd: string): Ended {
  const env = { ...process.env, PATH: withoutPinned(), NODE_OPTIONS: '', COUNTERSIGN_PASSWORD: 'lab' };
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  if (error) throw error;
  return { code: status, out: stdout, err: stderr };
}

/** The search path of the machine; the checkout's programs must not stand in for missing ones. */
export function withoutPinned(): string {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((path) => path !== pinnedBin && !path.includes(join('node_modules', '.bin')))
    .join(delimiter);
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
