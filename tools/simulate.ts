import { parseArgs } from 'node:util';
import { simulate } from './simulation/history.ts';
import { brokenLaws } from './simulation/laws.ts';
import { makeScenario } from './simulation/scenario.ts';

const usage = `Usage: npm run simulate -- --seeds N [--from S] [--json]

Plays N simulated runs with random plans, faults, people and crashes, and checks the laws of a rollout.
Exit 0 when no law is broken.

Example: npm run simulate -- --seeds 500 --from 1000`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const [seeds, from] = [Number(values.seeds), Number(values.from)];
if (values.help || !Number.isInteger(seeds) || !Number.isInteger(from) || seeds < 1) {
  console.log(usage);
  process.exit(values.help ? 0 : 64);
}

const broken: { seed: number; laws: string[] }[] = [];
let events = 0;
let crashes = 0;
for (let seed = from; seed < from + seeds; seed++) {
  // Every third run is left alone; the others lose their controller often, or very often.
  const history = simulate(makeScenario(String(seed)), { crashes: [0, 0.02, 0.1][seed % 3] ?? 0 });
  events += history.events.length;
  crashes += history.crashes;
  const laws = brokenLaws(history);
  if (laws.length === 0) continue;
  broken.push({ seed, laws });
  if (!values.json) console.log(`seed ${seed}:\n  ${laws.join('\n  ')}`);
}
if (values.json) console.log(JSON.stringify({ seeds, from, events, crashes, broken }));
else console.log(`${seeds} runs, ${events} events, ${crashes} crashes, ${broken.length} runs broke a law`);
process.exit(broken.length === 0 ? 0 : 1);
