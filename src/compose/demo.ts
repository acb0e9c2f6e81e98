import type { Runtime } from '../app/runtime.ts';
import type { Result } from '../core/result.ts';
import { milliseconds } from '../core/time.ts';
import type { Outcome } from '../model/report.ts';
import { systemClock } from '../node/clock.ts';
import { systemFiles } from '../node/files.ts';
import { packageRoot } from '../node/package.ts';
import { systemTimers } from '../node/timers.ts';
import { hostOutcome } from '../run/outcomes.ts';
import type { RunState } from '../run/state.ts';
import { jumpingClock } from './jumping-clock.ts';
import { composeRuntime } from './runtime.ts';

/** Hosts of the demo fleet that are rightly not finished, with the outcome each must end in. */
export const expectedUnfinished: Readonly<Record<string, Outcome>> = {
  'fs-03.corp.example': 'held',
  'app-03.corp.example': 'held',
  'app-04.corp.example': 'unreachable',
  'old-01.corp.example': 'held',
};

/** Real time that each jump of the demo's clock takes. */
const jumpPause = milliseconds(120);

/**
 * The runtime of the demo: the shipped inventory and playbook, the demo's fleet on loopback, a clock that jumps over
 * windows and soaks, and a state directory of its own below the given one.
 */
export function composeDemo(o: {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stateDir: string;
}): Result<Runtime> {
  const stamp = new Date(systemClock.now())
    .toISOString()
    .replaceAll(/[-:]|\.\d+Z/g, '')
    .replace('T', '-');
  return composeRuntime({
    cwd: packageRoot,
    env: o.env,
    stateDir: `${systemFiles.resolve(o.cwd, o.stateDir)}/demo-${stamp}`,
    lab: true,
    clock: jumpingClock(systemClock, systemTimers, jumpPause),
    seed: 'demo',
  });
}

/** What differs from the outcome that the demo's fleet must have; empty when all is as expected. */
export function demoSurprises(state: RunState): readonly string[] {
  return [...state.hosts.values()].flatMap((host) => {
    const outcome = hostOutcome(host);
    const wanted = expectedUnfinished[host.host];
    const fits = wanted === undefined ? outcome === 'ok' || outcome === 'changed' : outcome === wanted;
    return fits ? [] : [`${host.host} ended ${outcome}, expected ${wanted ?? 'ok or changed'}`];
  });
}
