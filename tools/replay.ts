import { parseArgs } from 'node:util';
import { doorKinds } from './replaying/doors/door.ts';
import type { DoorKind } from './replaying/doors/door.ts';
import { readDrivers } from './replaying/drivers.ts';
import { formatRecording, formatSummary, toJson } from './replaying/outcome.ts';
import type { Outcome } from './replaying/outcome.ts';
import { play } from './replaying/play.ts';
import { SourceProblem } from './replaying/source-problem.ts';

const usage = `Usage: npm run replay -- DIR [--only TEXT] [--door plain|sealed] [--key FILE] [--json] [--verbose]

Plays every recorded exchange with Windows that DIR/drivers.yaml describes through the real client, twice: against a
host in memory that takes plain SOAP, and against the same host behind NTLM sealing on a loopback port. Every request is
held against the recorded one by meaning, and everything that comes out against what the description expects.

  --only TEXT    only recordings whose file name contains TEXT
  --door KIND    only plain, or only sealed
  --key FILE     the RSA key of the recorded client (a JSON Web Key under "jwk"), where DIR has none
  --json         one JSON document instead of lines
  --verbose      every difference, and what was let pass by a rule

Exit 0 when all is as recorded, 1 when something is not, 64 for wrong arguments, 65 where DIR or a
recording in it cannot be read.

Example: npm run replay -- ../shared/fixtures --only nested --verbose`;

/** What the client threw where nobody could catch it. */
const thrown: unknown[] = [];
process.on('unhandledRejection', (reason) => thrown.push(reason));
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = readArguments(args);
  if (options === undefined) return 64;
  if (options === 'help') return 0;
  try {
    return await replay(options);
  } catch (problem) {
    if (!(problem instanceof SourceProblem)) throw problem;
    console.error(problem.message);
    return 65;
  }
}

interface Options {
  readonly folder: string;
  readonly only: string;
  readonly doors: readonly DoorKind[];
  readonly keyFile: string | undefined;
  readonly isJson: boolean;
  readonly isVerbose: boolean;
}

async function replay({ folder, only, doors, keyFile, isJson, isVerbose }: Options): Promise<number> {
  const drivers = readDrivers(folder).filter(({ file }) => file.includes(only));
  const all: Outcome[] = [];
  for (const driver of drivers) {
    const outcomes: Outcome[] = [];
    for (const door of doors) outcomes.push(withThrown(await play(driver, door, keyFile)));
    all.push(...outcomes);
    if (!isJson) console.log(formatRecording(outcomes, isVerbose));
  }
  if (isJson) console.log(JSON.stringify(toJson(all), undefined, 2));
  else console.log(`\n${formatSummary(all)}`);
  if (all.some(({ isUnreadable }) => isUnreadable)) return 65;
  return all.length > 0 && all.every(({ pass }) => pass) ? 0 : 1;
}

/** An outcome is no success where the client lost an error on the way. */
function withThrown(outcome: Outcome): Outcome {
  const reasons = thrown
    .splice(0)
    .map(
      (reason) =>
        `the client threw, and nobody could catch it: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`,
    );
  return reasons.length === 0
    ? outcome
    : { ...outcome, pass: false, reasons: [...outcome.reasons, ...reasons] };
}

function readArguments(args: readonly string[]): Options | 'help' | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        only: { type: 'string', default: '' },
        door: { type: 'string' },
        key: { type: 'string' },
        json: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      return 'help';
    }
    const [folder, ...others] = positionals;
    if (folder === undefined || others.length > 0) throw new Error('it takes one folder');
    const doors = doorKinds.filter((kind) => values.door === undefined || kind === values.door);
    if (doors.length === 0) throw new Error(`there is no door ${values.door ?? ''}`);
    const { only, key: keyFile, json: isJson, verbose: isVerbose } = values;
    return { folder, only, doors, keyFile, isJson, isVerbose };
  } catch (problem) {
    console.error(`${problem instanceof Error ? problem.message : String(problem)}\n\n${usage}`);
    return undefined;
  }
}
