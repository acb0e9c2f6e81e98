// Installs what package-lock.json names, when node_modules lacks it, and repairs the pinned Node.
// Runs before node_modules exists, on Node 18 or later: no dependencies, nothing newer.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const wanted = readJson(join(root, 'package.json')).engines.node.replace('>=', '');
const isWindows = process.platform === 'win32';
const pinnedNode = join(modules, 'node', 'bin', isWindows ? 'node.exe' : 'node');

const missing = firstMissingPackage();
if (missing !== undefined) {
  await npm(['ci', '--include=dev'], `installing packages (${missing})`);
}
if (!isNewEnough(versionOf(pinnedNode))) {
  await npm(
    ['rebuild', 'node', '--ignore-scripts=false', '--foreground-scripts'],
    `fetching Node ${wanted} or later`,
  );
}
if (!isNewEnough(versionOf(pinnedNode)) && !isNewEnough(process.versions.node)) {
  fail(
    `The pinned Node is not there: ${pinnedNode} does not run, and this is Node ${process.versions.node}.\n` +
      `npm got no Node for ${process.platform} ${process.arch}. Install Node ${wanted} or later and try again.`,
  );
}

/**
 * Why node_modules is not what the lock file says, or undefined when it is.
 * npm records what it installed in node_modules/.package-lock.json, as its last act.
 *
 * @returns {string | undefined}
 */
function firstMissingPackage() {
  const installedLock = join(modules, '.package-lock.json');
  if (!existsSync(installedLock)) return 'first time, about a minute';
  const installed = readJson(installedLock).packages;
  for (const [path, entry] of Object.entries(readJson(join(root, 'package-lock.json')).packages)) {
    if (path === '' || (entry.optional && !(path in installed))) continue;
    if (installed[path]?.version !== entry.version || installed[path].integrity !== entry.integrity) {
      return `${path.slice(path.lastIndexOf('node_modules/') + 13)} ${entry.version} is new in package-lock.json`;
    }
  }
  return undefined;
}

/**
 * Runs npm with its output held back, and ends the set-up with that output when npm fails.
 *
 * @param {string[]} args
 * @param {string} purpose
 */
async function npm(args, purpose) {
  const started = Date.now();
  process.stderr.write(`set-up: ${purpose} …\n`);
  // npm run puts node_modules/.bin first; npm must not run on a Node that it is about to replace.
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== join(modules, '.bin'))
    .join(delimiter);
  const child = spawn('npm', args, {
    cwd: root,
    env: { ...process.env, PATH: path, NODE_ENV: '' },
    shell: isWindows,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not start: ${error.message}`));
    child.once('close', resolve);
  });
  if (code !== 0) {
    fail(
      `\`npm ${args.join(' ')}\` failed (${code}). It needs the network and the registry that npm is set to.\n` +
        output.trim().split('\n').slice(-40).join('\n'),
    );
  }
  process.stderr.write(`set-up: done in ${Math.round((Date.now() - started) / 1000)} s\n`);
}

/** @param {string} program */
function versionOf(program) {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().replace('v', '') : '';
}

/** @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  process.stderr.write(`set-up: ${message}\n`);
  process.exit(1);
}
