import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sha256 } from '../src/core/sha256.ts';
import { exportedDecoders } from './fuzzing/exported-decoders.ts';
import type { Explored } from './fuzzing/explore.ts';
import type { Finding } from './fuzzing/finding.ts';
import { fuzz } from './fuzzing/supervise.ts';
import { fuzzTargets, loadTarget } from './fuzzing/targets.ts';

const usage = `Usage: npm run fuzz -- [DECODER…] [--seconds N] [--seed S] [--list]
       npm run fuzz -- DECODER --input FILE

Feeds decoders with changed inputs, led by the code that they reach, for N seconds in all (60 unless given).
Nothing may throw, hang or fill the memory, and every decoder that src/wire exports must be reached. Exit 1
otherwise; inputs that were not borne are kept in node_modules/.cache/fuzz, and --input runs one again.

Example: npm run fuzz -- clixml psrp-client --seconds 300 --seed 7`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    input: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const names = fuzzTargets.map(({ name }) => name);
const unknown = positionals.filter((name) => !names.includes(name));
const seconds = Number(values.seconds);
if (
  values.help ||
  unknown.length > 0 ||
  !(seconds > 0) ||
  (values.input !== undefined && positionals.length !== 1)
) {
  if (unknown.length > 0) console.error(`no decoder ${unknown.join(', ')}; there are: ${names.join(', ')}\n`);
  console.log(usage);
  process.exit(values.help ? 0 : 64);
}
if (values.list) {
  console.log(names.join('\n'));
  process.exit(0);
}
if (values.input !== undefined) {
  const target = await loadTarget(positionals[0] ?? '');
  target.run(new Uint8Array(readFileSync(values.input)));
  console.log('no finding');
  process.exit(0);
}

const chosen = positionals.length > 0 ? positionals : names;
const findings: Finding[] = [];
const ran = new Set<string>();
const bounds = { seconds: seconds / chosen.length, runs: Number.MAX_SAFE_INTEGER };
await fuzz(
  { targets: chosen, seed: values.seed, ...bounds },
  {
    onExplored(explored) {
      findings.push(...explored.findings);
      for (const name of explored.functions) ran.add(name);
      console.log(describe(explored));
    },
  },
);
for (const finding of findings)
  console.log(`\n${finding.kind} in ${finding.target}: ${finding.what}\n  ${keep(finding)}`);
const forgotten = positionals.length > 0 ? [] : exportedDecoders().filter((name) => !ran.has(name));
if (forgotten.length > 0) console.log(`\nno decoder of tools/fuzzing reaches:\n  ${forgotten.join('\n  ')}`);
process.exit(findings.length + forgotten.length === 0 ? 0 : 1);

function describe({ target, runs, reached, corpus, findings: found }: Explored): string {
  const counts = `${pad(runs, 8)} inputs ${pad(corpus, 5)} kept ${pad(reached, 7)} characters of code reached`;
  return `${target.padEnd(20)} ${counts}  ${found.length === 0 ? 'no finding' : `${found.length} findings`}`;
}

/** Writes the input down; the name is where. */
function keep({ target, input }: Finding): string {
  const folder = join('node_modules', '.cache', 'fuzz');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${target}-${sha256(input).slice(0, 12)}`);
  writeFileSync(file, input);
  return `npm run fuzz -- ${target} --input ${file}    (${input.length} bytes)`;
}

function pad(count: number, width: number): string {
  return String(count).padStart(width);
}
