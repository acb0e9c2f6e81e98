import type { HostFault } from '../model/scenario.ts';
import type { Misbehaviour } from './server/misbehaviour.ts';

/** The faults of one host that show while it is up; those of its restarts are in `HostPower`. */
export class HostFaults {
  readonly #faults: readonly HostFault[];
  readonly #answersToLose = new Map<string, number>();

  /**
   * @param answersToLose - What a snapshot has left of the lost answers, by script name.
   */
  constructor(faults: readonly HostFault[], answersToLose?: Readonly<Record<string, number>>) {
    this.#faults = faults;
    for (const fault of faults) {
      if (fault.kind !== 'loses-answer') continue;
      this.#answersToLose.set(fault.script, answersToLose?.[fault.script] ?? fault.times);
    }
  }

  has(kind: HostFault['kind']): boolean {
    return this.#faults.some((it) => it.kind === kind);
  }

  /** How it treats every request. */
  get misbehaviour(): Misbehaviour | undefined {
    if (this.has('tarpit')) return 'tarpit';
    return this.has('garbage') ? 'garbage' : undefined;
  }

  /** What the script of this name throws; undefined where it runs. */
  thrownBy(script: string): string | undefined {
    for (const fault of this.#faults) {
      if (fault.kind === 'script-throws' && fault.script === script) return fault.message;
    }
    return undefined;
  }

  /** Whether the answer of this script is lost; counts down. */
  takeLostAnswer(script: string): boolean {
    const left = this.#answersToLose.get(script) ?? 0;
    if (left === 0) return false;
    this.#answersToLose.set(script, left - 1);
    return true;
  }

  answersToLose(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#answersToLose);
  }
}
