import { Session } from 'node:inspector';
import type { Profiler } from 'node:inspector';

/** Stretches of one function's source that ran. */
export interface CoveredFunction {
  /** Script and position; the same function has the same key each time. */
  readonly key: string;
  readonly name: string;
  readonly url: string;
  /** Offsets in the function, in order. */
  readonly stretches: readonly (readonly [from: number, to: number])[];
}

/**
 * Which code of our own sources ran since the last time it was asked, by V8's precise block coverage.
 *
 * The inspector answers on the spot when a thread asks about itself.
 */
export class CodeCoverage {
  readonly #session = new Session();
  readonly #isOurs: (url: string) => boolean;

  /** @param isOurs - Whether a script, by its URL, counts. */
  constructor(isOurs: (url: string) => boolean) {
    this.#isOurs = isOurs;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** What ran, and begins anew. */
  take(): readonly CoveredFunction[] {
    const covered: CoveredFunction[] = [];
    this.#session.post('Profiler.takePreciseCoverage', (error, coverage) => {
      if (error !== null) throw error;
      for (const script of coverage.result) if (this.#isOurs(script.url)) covered.push(...ranOf(script));
    });
    return covered;
  }

  close(): void {
    this.#session.disconnect();
  }
}

function ranOf({ scriptId, url, functions }: Profiler.ScriptCoverage): readonly CoveredFunction[] {
  return functions.flatMap(({ functionName: name, ranges }) => {
    const [whole] = ranges;
    const stretches = stretchesOf(ranges);
    // Optimised code no longer counts calls of a function, only its blocks; the function was new once, long before.
    if (whole === undefined || stretches.length === 0) return [];
    return { key: `${scriptId}:${whole.startOffset}-${whole.endOffset}`, name, url, stretches };
  });
}

/**
 * The stretches that ran. Ranges are nested, and the innermost counts; V8 leaves out those that are as their parent,
 * so a range by itself says nothing about what is new.
 */
function stretchesOf(ranges: readonly Profiler.CoverageRange[]): readonly (readonly [number, number])[] {
  const base = ranges[0]?.startOffset ?? 0;
  const marks = ranges
    .flatMap(({ startOffset, endOffset, count }) => [
      { at: startOffset, opens: true, ran: count > 0 },
      { at: endOffset, opens: false, ran: count > 0 },
    ])
    .sort((a, b) => a.at - b.at || Number(a.opens) - Number(b.opens));
  const open: boolean[] = [];
  const stretches: (readonly [number, number])[] = [];
  let from = base;
  for (const { at, opens, ran } of marks) {
    if (open.at(-1) === true && at > from) stretches.push([from - base, at - base]);
    if (opens) open.push(ran);
    else open.pop();
    from = at;
  }
  return stretches;
}

/** All code that was reached so far. */
export class ReachedCode {
  readonly #functions = new Map<string, Uint8Array>();
  readonly #names = new Set<string>();
  #characters = 0;

  /** Characters of source that ran at least once. */
  get characters(): number {
    return this.#characters;
  }

  /** Functions that ran at least once, as `file.ts name`. */
  get functions(): readonly string[] {
    return [...this.#names];
  }

  hasAll(covered: readonly CoveredFunction[]): boolean {
    return covered.every(({ key, stretches }) => {
      const reached = this.#functions.get(key);
      return reached !== undefined && stretches.every(([from, to]) => isFull(reached, from, to));
    });
  }

  add(covered: readonly CoveredFunction[]): void {
    for (const { key, name, url, stretches } of covered) {
      this.#names.add(`${url.slice(url.indexOf('/src/') + 1)} ${name}`);
      const reached = this.#functions.get(key) ?? new Uint8Array(lengthOf(key));
      this.#functions.set(key, reached);
      for (const [from, to] of stretches) {
        for (let at = from; at < to; at++) this.#characters += reached[at] === 1 ? 0 : 1;
        reached.fill(1, from, to);
      }
    }
  }
}

function isFull(reached: Uint8Array, from: number, to: number): boolean {
  const gap = reached.indexOf(0, from);
  return gap < 0 || gap >= to;
}

function lengthOf(key: string): number {
  const [, from = '0', to = '0'] = /:(\d+)-(\d+)$/.exec(key) ?? [];
  return Number(to) - Number(from);
}
