import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limiter } from '../../../src/core/limiter.ts';
import { unwrap } from '../../../src/core/result.ts';
import { readRun } from '../../../src/engine/run-journal.ts';
import { openJournal } from '../../../src/node/sqlite-journal.ts';
import { hostOutcome } from '../../../src/run/outcomes.ts';
import type { FleetEffect } from './file-fleet.ts';
import { killPlan } from './scenario.ts';

const controller = fileURLToPath(new URL('controller.ts', import.meta.url));

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'countersign-kill-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true, maxRetries: 3 });
});

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** One life of a controller; it kills itself at its crash point number `dieAt` (0: never). */
async function control(
  directory: string,
  { start, dieAt }: { start: number; dieAt: number },
  [program, ...prefix]: readonly [string, ...string[]] = [process.execPath],
): Promise<Exit> {
  const args = [...prefix, controller, directory, String(start), String(dieAt)];
  const env = { ...process.env, NODE_COMPILE_CACHE: join(root, 'compiled') };
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, output };
}

const effectsIn = (directory: string): FleetEffect[] =>
  readFileSync(join(directory, 'fleet.ndjson'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as FleetEffect);

function stored(directory: string) {
  const journal = unwrap(openJournal(directory));
  const run = unwrap(readRun(journal, 'run-1'))!;
  journal.close();
  return run;
}

function unrecorded(directory: string): string[] {
  const recorded = stored(directory).events.flatMap((event) =>
    event.type === 'intent.recorded' ? [event.data.intent.id] : [],
  );
  return effectsIn(directory)
    .map(({ intent }) => intent)
    .filter((intent) => !recorded.includes(intent));
}

/** Each host: one write and one reboot a phase, each on record before it happened, and `changed` in the end. */
function expectOnce(directory: string) {
  const names = effectsIn(directory).map(({ kind, host, phase }) => `${phase} ${host} ${kind}`);
  const wanted = killPlan.phases.flatMap(({ name }) =>
    killPlan.hosts.flatMap(({ host }) => [`${name} ${host} reboot`, `${name} ${host} write`]),
  );
  expect(names.sort()).toEqual(wanted.sort());
  expect(unrecorded(directory)).toEqual([]);
  const outcomes = [...stored(directory).state.hosts.values()].map(hostOutcome);
  expect(outcomes).toEqual(killPlan.hosts.map(() => 'changed'));
}

/** Kills one rollout again and again, so many crash points apart, until it is through; how often it took. */
async function killUntilDone(stride: number): Promise<number> {
  const directory = join(root, String(stride));
  const start = Date.now();
  let exit = await control(directory, { start, dieAt: stride });
  let kills = 0;
  while (exit.signal === 'SIGKILL' && kills < 100) {
    kills += 1;
    exit = await control(directory, { start, dieAt: stride + (kills % 3) });
  }
  expect(exit, exit.output).toMatchObject({ code: 0 });
  expectOnce(directory);
  return kills;
}

// Under a minute on two idle cores; most of it is starting Node.
const timeout = 600_000;

describe('a controller that is killed', () => {
  test(
    'at more than fifty moments, loses no host, reboots none twice and repeats no step',
    {
      timeout,
    },
    async () => {
      const kills = await limiter([19, 21, 23, 26, 29, 31], 2, killUntilDone);

      expect(kills.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(50);
    },
  );
});

describe('a full disk under the journal', () => {
  test.skipIf(process.platform === 'win32')(
    'stops the run with nothing sent that is not on record, and resume finishes it',
    { timeout },
    async () => {
      const [directory, start] = [join(root, 'full'), Date.now()];
      // Files of this process can grow to 150 KiB; the signal is ignored, so that the write fails instead.
      const limit = `trap '' XFSZ; ulimit -f 150; exec "$@"`;

      const exit = await control(directory, { start, dieAt: 0 }, [
        'bash',
        '-c',
        limit,
        'bash',
        process.execPath,
      ]);

      expect(exit).toMatchObject({ code: 75, output: expect.stringContaining('journal.write') });
      expect(effectsIn(directory).length).toBeGreaterThan(0);
      expect(unrecorded(directory)).toEqual([]);

      const resumed = await control(directory, { start, dieAt: 0 });
      expect(resumed, resumed.output).toMatchObject({ code: 0 });
      expectOnce(directory);
    },
  );
});
