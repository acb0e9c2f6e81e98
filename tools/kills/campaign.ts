import { limiter } from '../../src/core/limiter.ts';
import { seededChance } from '../../src/lab/prng.ts';
import { brokenLaws, endingOf } from './laws.ts';
import type { Ending } from './laws.ts';
import { Rollout } from './rollout.ts';
import type { Kill } from './rollout.ts';

/** A rollout that went through all its kills. */
export interface Ordeal {
  readonly seed: string;
  /** Where each controller was when it died, such as `after-commit 12`. */
  readonly kills: readonly string[];
  readonly broken: readonly string[];
}

/** Crash points and host events of an uninterrupted run, from which the kills are drawn. */
const reach = { crashPoints: [1, 45], hostEvents: [1, 260] } as const;
/** No more deaths than this in one rollout, so that it ends. */
const mostKills = 12;

/**
 * Kills controllers of small rollouts until at least `points` have died, each rollout being resumed until it ends.
 *
 * @param onOrdeal - Called as each rollout has ended.
 */
export async function campaign(o: {
  readonly points: number;
  readonly seed: string;
  readonly atOnce: number;
  readonly onOrdeal?: (ordeal: Ordeal) => void;
}): Promise<readonly Ordeal[]> {
  const uninterrupted = await peacefulEnding();
  const ordeals: Ordeal[] = [];
  const died = () => ordeals.reduce((sum, { kills }) => sum + kills.length, 0);
  let begun = 0;
  const workers = Array.from({ length: o.atOnce }, (_, index) => index);
  await limiter(workers, o.atOnce, async () => {
    while (died() < o.points) {
      begun += 1;
      const ordeal = await suffer(`${o.seed}/${begun}`, uninterrupted);
      ordeals.push(ordeal);
      o.onOrdeal?.(ordeal);
    }
  });
  return ordeals;
}

async function peacefulEnding(): Promise<Ending> {
  const rollout = await Rollout.start('peace');
  try {
    const report = await rollout.control(undefined);
    if (report.kind !== 'done') throw new Error(`the uninterrupted run: ${JSON.stringify(report)}`);
    return endingOf(rollout);
  } finally {
    await rollout.close();
  }
}

async function suffer(seed: string, uninterrupted: Ending): Promise<Ordeal> {
  const chance = seededChance(seed);
  const rollout = await Rollout.start(seed);
  const kills: string[] = [];
  try {
    for (;;) {
      const kill = kills.length < mostKills ? nextKill(chance) : undefined;
      const report = await rollout.control(kill);
      if (report.kind === 'failed')
        return { seed, kills, broken: [`a controller failed: ${report.code}: ${report.message}`] };
      if (report.kind === 'done') {
        const unfinished = report.ended === 'finished' ? [] : [`the run ended ${report.ended ?? 'nowhere'}`];
        return { seed, kills, broken: [...unfinished, ...brokenLaws(rollout, uninterrupted)] };
      }
      kills.push(kill?.by === 'us' ? `host event ${kill.atHostEvent}` : `${report.point} ${report.passed}`);
    }
  } finally {
    await rollout.close();
  }
}

function nextKill(chance: ReturnType<typeof seededChance>): Kill {
  return chance.between([0, 2]) === 0
    ? { by: 'us', atHostEvent: chance.between(reach.hostEvents) }
    : { by: 'itself', atCrashPoint: chance.between(reach.crashPoints) };
}
