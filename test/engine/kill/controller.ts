/**
 * A controller in a process of its own, over real stores and a fleet in a file, that kills itself at a given moment.
 *
 * Arguments: state directory, start of policy time (epoch ms), number of the crash point at which to die (0: never).
 * Exit: the run's exit code; 75 for a failure, whose code is printed.
 */
import { join } from 'node:path';
import { instant, milliseconds } from '../../../src/core/time.ts';
import { unwrap } from '../../../src/core/result.ts';
import { runEngine } from '../../../src/engine/run-engine.ts';
import { runLock } from '../../../src/node/run-lock.ts';
import { openInbox } from '../../../src/node/sqlite-inbox.ts';
import { openJournal } from '../../../src/node/sqlite-journal.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Timers } from '../../../src/ports/timers.ts';
import { exitCodeOf } from '../../../src/run/outcomes.ts';
import { FileFleet } from './file-fleet.ts';
import { killPlan } from './scenario.ts';

/** Policy time goes so much faster than real time: two minutes of soak are less than half a second. */
const haste = 300;

const [directory = '', startText = '0', dieAtText = '0'] = process.argv.slice(2);
const start = Number(startText);
const dieAt = Number(dieAtText);

const clock: Clock = {
  now: () => instant(start + (Date.now() - start) * haste),
  sleepUntil: async (at, signal) => {
    while (clock.now() < at && !signal.aborted)
      await systemTimers.sleep(milliseconds(Math.max(1, (at - clock.now()) / haste)), signal);
  },
};
const timers: Timers = {
  ...systemTimers,
  sleep: (delay, signal) => systemTimers.sleep(milliseconds(delay / 20), signal),
};

const journal = unwrap(openJournal(directory));
const inbox = unwrap(openInbox(directory));
const fleet = new FileFleet(join(directory, 'fleet.ndjson'), killPlan, clock, () =>
  systemTimers.sleep(milliseconds(1), new AbortController().signal),
);
let points = 0;
const known = unwrap(journal.runs()).includes('run-1');
const ended = await runEngine(
  known ? { kind: 'resume', run: 'run-1' } : { kind: 'start', run: 'run-1', plan: killPlan, by: 'test' },
  { journal, inbox, lock: runLock(directory), clock, timers, ...fleetParts(fleet) },
  {
    controller: { pid: process.pid, machine: 'test', version: '0.0.0' },
    crashPoint: () => {
      points += 1;
      if (points === dieAt) process.kill(process.pid, 'SIGKILL');
    },
  },
);
journal.close();
inbox.close();
if (!ended.ok) console.log(ended.error.code);
process.exitCode = ended.ok ? exitCodeOf(ended.value) : 75;

function fleetParts({ dispatcher, reconciler }: FileFleet) {
  return { dispatcher, reconciler };
}
