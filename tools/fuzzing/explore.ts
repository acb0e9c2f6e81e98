import type { Chance } from '../../src/lab/prng.ts';
import { ReachedCode } from './coverage.ts';
import type { CodeCoverage } from './coverage.ts';
import { keyOf } from './finding.ts';
import type { Finding } from './finding.ts';
import { mutate } from './mutate.ts';
import { shrink } from './shrink.ts';
import { maxInputBytes } from './target.ts';
import type { FuzzTarget } from './target.ts';

export interface ExploreOptions {
  readonly chance: Chance;
  readonly coverage: Pick<CodeCoverage, 'take'>;
  /** Told before each run, so that an input that never returns is known. */
  readonly announce: (input: Uint8Array) => void;
  /** CPU time of this thread. */
  readonly cpuMs: () => number;
  /** Bytes outside of the heap, in array buffers. */
  readonly bufferBytes: () => number;
}

/** How far a target was explored. */
export interface Explored {
  readonly target: string;
  readonly runs: number;
  /** Characters of source that ran. */
  readonly reached: number;
  /** Functions that ran, as `file.ts name`. */
  readonly functions: readonly string[];
  readonly corpus: number;
  readonly findings: readonly Finding[];
}

const usualBytes = 2048;
/** Of one input of at most 64 KiB, with coverage counted. */
const maxCpuMs = 500;
const maxBufferBytes = 256 * 1024 * 1024;
/** Taking coverage costs as much as dozens of runs, so it is taken once for many. */
const batchSize = 64;

/** Mutates inputs of a target and keeps those that run new code, for as long as it is asked to go on. */
export class Explorer {
  readonly #target: FuzzTarget;
  readonly #options: ExploreOptions;
  readonly #corpus: Uint8Array[];
  readonly #reached = new ReachedCode();
  readonly #findings = new Map<string, Finding>();
  #runs = 0;

  constructor(target: FuzzTarget, options: ExploreOptions) {
    this.#target = target;
    this.#options = options;
    this.#corpus = target.seeds().filter((seed) => seed.length <= maxInputBytes);
    if (this.#corpus.length === 0) throw new Error(`${target.name} has no seed of at most 64 KiB`);
    for (const seed of this.#corpus) this.#try(seed);
    this.#reached.add(this.#options.coverage.take());
  }

  get runs(): number {
    return this.#runs;
  }

  /** One batch of mutated inputs. */
  step(): void {
    const { chance } = this.#options;
    const other = (): Uint8Array => chance.pick(this.#corpus as [Uint8Array, ...Uint8Array[]]);
    const source = { chance, target: this.#target, other };
    const inputs = Array.from({ length: batchSize }, () => mutate(this.#parent(), source));
    this.#keepNovel(inputs);
  }

  explored(): Explored {
    const findings = [...this.#findings.values()];
    const { name: target } = this.#target;
    const { characters: reached, functions } = this.#reached;
    return { target, runs: this.#runs, reached, functions, corpus: this.#corpus.length, findings };
  }

  /** The newest inputs are the least explored ones; large ones cost much and teach little. */
  #parent(): Uint8Array {
    const { chance } = this.#options;
    for (;;) {
      const back = Math.floor(chance.next() ** 1.5 * this.#corpus.length);
      const parent = this.#corpus.at(-1 - back) ?? new Uint8Array(0);
      if (chance.next() * parent.length < usualBytes) return parent;
    }
  }

  /** Runs all at once; only when something new ran is it looked for, by halves. */
  #keepNovel(inputs: readonly Uint8Array[]): void {
    for (const input of inputs) this.#try(input);
    const covered = this.#options.coverage.take();
    if (this.#reached.hasAll(covered)) return;
    const [only] = inputs;
    if (only !== undefined && inputs.length === 1) {
      this.#reached.add(covered);
      this.#corpus.push(only);
      return;
    }
    const half = inputs.length >> 1;
    this.#keepNovel(inputs.slice(0, half));
    this.#keepNovel(inputs.slice(half));
  }

  #try(input: Uint8Array): void {
    this.#runs += 1;
    this.#options.announce(input);
    const found = this.#judge(input);
    if (found === undefined || this.#findings.has(keyOf(found))) return;
    const isSame = (smaller: Uint8Array): boolean => {
      const again = this.#judge(smaller);
      return again !== undefined && keyOf(again) === keyOf(found);
    };
    // Each try with a slow input would be slow as well.
    const smaller = found.kind === 'throw' ? shrink(input, isSame) : input;
    this.#findings.set(keyOf(found), { ...found, input: smaller });
  }

  #judge(input: Uint8Array): Finding | undefined {
    const { cpuMs, bufferBytes } = this.#options;
    const target = this.#target.name;
    const start = cpuMs();
    try {
      // A copy, since a decoder that writes into its input would spoil the corpus.
      this.#target.run(new Uint8Array(input));
    } catch (thrown) {
      const what = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
      return { target, kind: 'throw', what, input };
    }
    const tookMs = cpuMs() - start;
    if (tookMs > maxCpuMs) return { target, kind: 'slow', what: 'more than 500 ms of CPU time', input };
    if (tookMs > 20 && bufferBytes() > maxBufferBytes)
      return { target, kind: 'memory', what: 'more than 256 MiB in buffers', input };
    return undefined;
  }
}
