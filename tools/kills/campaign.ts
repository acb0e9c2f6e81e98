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
  const toll = { left: o.points };
  const workers = Array.from({ length: o.atOnce }, (_, index) => index);
  let begun = 0;
  await limiter(workers, o.atOnce, async () => {
    while (toll.left > 0) {
      begun += 1;
      const ordeal = await suffer(`${o.seed}/${begun}`, uninterrupted, toll);
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

/** @param toll - Deaths that are still wanted, over all rollouts; without any the rollout is left in peace. */
async function suffer(seed: string, uninterrupted: Ending, toll: { left: number }): Promise<Ordeal> {
  const chance = seededChance(seed);
  const rollout = await Rollout.start(seed);
  const kills: string[] = [];
  try {
    for (;;) {
      const kill = kills.length < mostKills && toll.left > 0 ? nextKill(chance) : undefined;
      const report = await rollout.control(kill);
      if (report.kind === 'failed')
        return { seed, kills, broken: [`a controller failed: ${report.code}: ${report.message}`] };
      if (report.kind === 'done') {
        const unfinished = report.ended === 'finished' ? [] : [`the run ended ${report.ended ?? 'nowhere'}`];
        return { seed, kills, broken: [...unfinished, ...brokenLaws(rollout, uninterrupted)] };
      }
      toll.left -= 1;
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
