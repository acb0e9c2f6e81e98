import { Worker } from 'node:worker_threads';
import type { Explored } from './explore.ts';
import type { Finding } from './finding.ts';
import { maxInputBytes } from './target.ts';

/** What is to be explored. */
export interface FuzzTask {
  readonly targets: readonly string[];
  /** URL of the module that exports `fuzzTargets`; ours unless a test brings its own. */
  readonly module?: string;
  readonly seed: string;
  /** For each target, which ends with whichever bound is reached first. */
  readonly seconds: number;
  readonly runs: number;
}

export interface WorkerTask extends FuzzTask {
  /** Number of runs, length of the current input, and the input. */
  readonly shared: SharedArrayBuffer;
}

export interface FuzzOptions {
  /** Told as each target ends. */
  readonly onExplored?: (explored: Explored) => void;
  /** An input that runs longer has hung; the default is far more than any takes, also on a busy machine. */
  readonly stallMs?: number;
  readonly maxHeapMb?: number;
}

/**
 * Explores targets in a thread.
 *
 * An input that never returns, or that fills the heap, ends the thread and becomes a finding; the next target goes on
 * in a new one.
 */
export async function fuzz(task: FuzzTask, options: FuzzOptions = {}): Promise<readonly Explored[]> {
  const all: Explored[] = [];
  while (all.length < task.targets.length) {
    const rest = { ...task, targets: task.targets.slice(all.length) };
    await runWorker(rest, options, (explored) => {
      all.push(explored);
      options.onExplored?.(explored);
    });
  }
  return all;
}

/** Resolves when the worker has done all targets, or was ended by one. */
function runWorker(
  task: FuzzTask,
  { stallMs = 20_000, maxHeapMb = 512 }: FuzzOptions,
  onExplored: (explored: Explored) => void,
): Promise<void> {
  const shared = new SharedArrayBuffer(8 + maxInputBytes);
  const state = new Int32Array(shared, 0, 2);
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { ...task, shared } satisfies WorkerTask,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
  });
  let done = 0;
  const take = (explored: Explored): void => {
    done += 1;
    onExplored(explored);
  };
  const fatal = (kind: Finding['kind'], what: string): void => {
    const target = task.targets[done] ?? '';
    const input = new Uint8Array(shared, 8, Atomics.load(state, 1)).slice();
    const findings = [{ target, kind, what, input }];
    take({ target, runs: Atomics.load(state, 0), reached: 0, functions: [], corpus: 0, findings });
    void worker.terminate();
  };
  const watch = watchProgress(state, stallMs, () => fatal('hang', `no end after ${stallMs} ms`));
  return new Promise((resolve, reject) => {
    worker.on('message', take);
    worker.on('error', (error: Error & { readonly code?: string }) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') fatal('memory', `more than ${maxHeapMb} MiB of heap`);
      else reject(error);
    });
    worker.on('exit', () => {
      clearInterval(watch);
      resolve();
    });
  });
}

/** Calls once when the number of runs, after it has begun to grow, stands still. */
function watchProgress(state: Int32Array, stallMs: number, onStall: () => void): NodeJS.Timeout {
  let last = 0;
  let since = performance.now();
  let stalled = false;
  return setInterval(() => {
    const runs = Atomics.load(state, 0);
    if (runs === 0 || runs !== last) [last, since] = [runs, performance.now()];
    else if (!stalled && performance.now() - since > stallMs) {
      stalled = true;
      onStall();
    }
  }, stallMs / 20);
}
