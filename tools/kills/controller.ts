/**
 * One controller process of a small rollout: applies `plan.json` of its working directory, or goes on with the run that
 * is there, and kills itself without warning where it is told to.
 */
import { writeSync } from 'node:fs';
import process from 'node:process';
import { applyPlan, readSavedPlan, resumeRun } from '../../src/app/run-plan.ts';
import { listRuns } from '../../src/app/stored-run.ts';
import { composeRuntime } from '../../src/compose/runtime.ts';
import { unwrap } from '../../src/core/result.ts';
import type { CrashPoint } from '../../src/engine/engine-ports.ts';
import { exitCodeOf } from '../../src/run/outcomes.ts';
import { fastClock } from './fast-clock.ts';
import type { ControllerOrders, ControllerReport } from './rollout.ts';

const orders = JSON.parse(process.argv[2] ?? '') as ControllerOrders;
const runtime = unwrap(
  composeRuntime({
    cwd: orders.directory,
    env: process.env,
    stateDir: 'state',
    lab: false,
    clock: fastClock(orders.speed, orders.since),
  }),
);

let passed = 0;
const crashPoint = (point: CrashPoint): void => {
  passed += 1;
  if (passed !== orders.dieAt) return;
  report({ kind: 'died', point, passed });
  process.kill(process.pid, 'SIGKILL');
};

const isBegun = unwrap(listRuns(runtime)).length > 0;
const finished = isBegun
  ? await resumeRun(runtime, undefined, { crashPoint })
  : await applyPlan(runtime, unwrap(readSavedPlan(runtime, 'plan.json')), { crashPoint });
if (finished.ok) {
  const { run, ended } = finished.value;
  report({ kind: 'done', run, passed, exitCode: exitCodeOf(finished.value), ended: ended?.state ?? null });
} else report({ kind: 'failed', code: finished.error.code, message: finished.error.message });
await runtime.close();

function report(it: ControllerReport): void {
  writeSync(1, `${JSON.stringify(it)}\n`);
}
