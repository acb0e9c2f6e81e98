// The gate: `npm run check` runs every step in order and stops at the first that fails;
// `npm run check -- eslint knip` runs only those.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), 'countersign-check-'));
const results = join(scratch, 'vitest.json');
// Thresholds hold only where no test is skipped for want of an oracle (vitest.config.ts).
const coverage = process.env['COUNTERSIGN_ORACLES'] === 'required' ? ' --coverage' : '';

/** @type {Record<string, string[]>} */
const steps = {
  prettier: ['prettier --check --log-level warn .'],
  tsc: ['tsc -p tsconfig.json'],
  eslint: ['eslint --max-warnings 0 .'],
  'dependency-cruiser': ['depcruise --config .dependency-cruiser.mjs src test tools'],
  knip: ['knip'],
  vitest: [`vitest run --reporter=default --reporter=json --outputFile.json="${results}"${coverage}`],
  build: ['node scripts/build.mjs'],
  publint: [
    `npm pack --ignore-scripts --silent --pack-destination "${scratch}"`,
    `publint run --strict "${join(scratch, 'countersign-' + readJson(join(root, 'package.json')).version + '.tgz')}"`,
  ],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(`No step is called ${unknown.join(', ')}; there are: ${Object.keys(steps).join(', ')}`);
  process.exit(64);
}

const failed = Object.keys(steps)
  .filter((name) => asked.length === 0 || asked.includes(name))
  .find((name) => !runStep(name));
if (failed !== undefined) console.log(`\n✘ ${failed} failed; run it alone with: npm run check -- ${failed}`);
printTotals();
rmSync(scratch, { recursive: true, force: true });
process.exitCode = failed === undefined ? 0 : 1;

/** @param {string} name */
function runStep(name) {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const passed = (steps[name] ?? []).every((command) => runCommand(command));
  console.log(`${passed ? '✔' : '✘'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return passed;
}

/** @param {string} command */
function runCommand(command) {
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  const child = spawnSync(command, {
    cwd: root,
    env: { ...process.env, PATH: path },
    shell: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return child.status === 0;
}

/** Names what was skipped, so that nobody takes a machine without the oracles for a proof; then the totals. */
function printTotals() {
  let report;
  try {
    report = readJson(results);
  } catch {
    return; // vitest did not run
  }
  for (const { name, assertionResults } of report.testResults) {
    const skipped = assertionResults.filter(isSkipped).length;
    if (skipped > 0) console.log(`skipped ${String(skipped).padStart(4)}  ${relative(root, name)}`);
  }
  const skipped = report.numPendingTests + report.numTodoTests;
  const tail = skipped > 0 ? `, ${skipped} skipped` : '';
  console.log(`\n${report.numPassedTests} passed, ${report.numFailedTests} failed${tail}`);
}

/** @param {{ status: string }} test */
function isSkipped({ status }) {
  return status !== 'passed' && status !== 'failed';
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
