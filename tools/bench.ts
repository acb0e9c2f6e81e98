import { parseArgs } from 'node:util';
import { formatTable } from './benching/table.ts';
import type { BenchResult } from './benching/result.ts';
import { benchWinrm } from './benching/winrm/family.ts';

interface Family {
  readonly says: string;
  readonly run: (options: { readonly quick: boolean }) => Promise<readonly BenchResult[]>;
}

const families: Readonly<Record<string, Family>> = {
  winrm: { says: "WinRM client against Debian's pywinrm and Ansible's winrm connection", run: benchWinrm },
};

const usage = `Usage: npm run bench -- FAMILY [--json] [--quick]

Measures and prints a table, or with --json one document on standard output; progress goes to standard error.
--quick measures less and takes less than a minute. See docs/bench.md.

Families:
${Object.entries(families)
  .map(([name, { says }]) => `  ${name.padEnd(8)} ${says}`)
  .join('\n')}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const family = families[positionals[0] ?? ''];
if (values.help || family === undefined || positionals.length !== 1) {
  console.log(usage);
  process.exit(values.help ? 0 : 64);
}

const results = await family.run({ quick: values.quick });
if (values.json) console.log(JSON.stringify({ schema: 'countersign/bench@1', results }, undefined, 2));
else console.log(formatTable(results));
