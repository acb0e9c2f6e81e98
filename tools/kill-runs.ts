import { parseArgs } from 'node:util';
import { campaign } from './kills/campaign.ts';

const usage = `Usage: npm run kill-runs -- [--points N] [--seed S] [--at-once N] [--json]

Carries out small rollouts on a lab fleet over real WinRM bytes, and kills their controllers (SIGKILL) at N varied
points: before and after commits and effects, and while a host answers. Each rollout is resumed until it ends, and must
end as one that nobody disturbed: no second reboot, no repeated step, no lost host, a journal that verifies.
Exit 0 when no law is broken.

Example: npm run kill-runs -- --points 300 --seed tonight`;

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const [points, atOnce] = [Number(values.points), Number(values['at-once'])];
if (values.help || !Number.isInteger(points) || points < 1 || !Number.isInteger(atOnce) || atOnce < 1) {
  console.log(usage);
  process.exit(values.help ? 0 : 64);
}

const started = performance.now();
let died = 0;
const ordeals = await campaign({
  ...{ points, seed: values.seed, atOnce },
  onOrdeal: ({ seed, kills, broken }) => {
    died += kills.length;
    if (values.json) return;
    console.log(`${died}/${points} kills; rollout ${seed}: ${kills.length} (${kills.join(', ')})`);
    for (const law of broken) console.log(`  broken: ${law}`);
  },
});
const broken = ordeals.filter((ordeal) => ordeal.broken.length > 0);
const seconds = Math.round((performance.now() - started) / 1000);
if (values.json) console.log(JSON.stringify({ kills: died, rollouts: ordeals.length, seconds, broken }));
else
  console.log(
    `${died} kills in ${ordeals.length} rollouts, ${broken.length} of them broke a law; ${seconds} s`,
  );
process.exit(broken.length === 0 ? 0 : 1);
