import { parentPort, workerData } from 'node:worker_threads';
import { seededChance } from '../../src/lab/prng.ts';
import { CodeCoverage } from './coverage.ts';
import { Explorer } from './explore.ts';
import type { Explored } from './explore.ts';
import type { WorkerTask } from './supervise.ts';
import { loadTarget } from './targets.ts';

/** The thread that explores targets one after the other; `supervise` watches it from outside, since it may hang. */
const { targets, module, seed, seconds, runs, shared } = workerData as WorkerTask;
const state = new Int32Array(shared, 0, 2);
const current = new Uint8Array(shared, 8);
const coverage = new CodeCoverage((url) => url.startsWith('file:') && url.includes('/src/'));

for (const name of targets) parentPort?.postMessage(await explore(name));
coverage.close();

async function explore(name: string): Promise<Explored> {
  const target = await loadTarget(name, module);
  const explorer = new Explorer(target, {
    chance: seededChance(`fuzz/${name}/${seed}`),
    coverage,
    announce(input) {
      current.set(input);
      Atomics.store(state, 1, input.length);
      Atomics.add(state, 0, 1);
    },
    cpuMs: () => process.threadCpuUsage().user / 1000,
    bufferBytes: () => process.memoryUsage().arrayBuffers,
  });
  const end = performance.now() + seconds * 1000;
  while (explorer.runs < runs && performance.now() < end) explorer.step();
  return explorer.explored();
}
