import { expect, test } from 'vitest';
import { campaign } from '../../tools/kills/campaign.ts';

/** More with `npm run kill-runs`. */
const points = 50;
/** About a minute on two idle cores; a busy machine takes its time. */
const longestMs = 900_000;

test(
  'a controller that is killed at any moment and resumed reboots no host twice, repeats no step and loses no host',
  { timeout: longestMs },
  async () => {
    const ordeals = await campaign({ points, seed: 'gate', atOnce: 3 });

    expect(ordeals.filter(({ broken }) => broken.length > 0)).toEqual([]);
    const kills = ordeals.flatMap((ordeal) => ordeal.kills);
    expect(kills.length).toBeGreaterThanOrEqual(points);
    for (const point of ['before-commit', 'after-commit', 'before-effect', 'after-effect', 'host event'])
      expect(kills.filter((kill) => kill.startsWith(point)).length, point).toBeGreaterThan(0);
  },
);
