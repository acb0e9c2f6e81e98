/** Something that a task list waits for: settled once, by an event. */
interface Milestone {
  readonly reached: Promise<string>;
  readonly reach: (how: string) => void;
}

/** Named moments of a run: whoever waits for one is told how it came about, whether it came before or after. */
export class Milestones {
  readonly #byName = new Map<string, Milestone>();
  #over = false;

  when(name: string): Promise<string> {
    return this.#get(name).reached;
  }

  reach(name: string, how = ''): void {
    this.#get(name).reach(how);
  }

  /** Reaches everything that is still waited for, or will be, as `never`. */
  finish(): void {
    this.#over = true;
    for (const milestone of this.#byName.values()) milestone.reach('never');
  }

  #get(name: string): Milestone {
    let milestone = this.#byName.get(name);
    if (milestone === undefined) {
      const { promise, resolve } = Promise.withResolvers<string>();
      milestone = { reached: promise, reach: resolve };
      if (this.#over) resolve('never');
      this.#byName.set(name, milestone);
    }
    return milestone;
  }
}
