/** Which id of ours stands for which recorded one. Case does not count. */
export class IdMap {
  readonly #ours = new Map<string, string>();
  readonly #recorded = new Map<string, string>();

  /** Remembers a pair; an id that stands for another already keeps its place, and the answer is false. */
  learn(recorded: string, ours: string): boolean {
    const [a, b] = [recorded.toLowerCase(), ours.toLowerCase()];
    const known = this.#ours.get(a);
    if (known !== undefined) return known === b;
    const owner = this.#recorded.get(b);
    if (owner !== undefined && owner !== a) return false;
    this.#ours.set(a, b);
    this.#recorded.set(b, a);
    return true;
  }

  /** Remembers a pair, whatever the recorded id stood for before. */
  relearn(recorded: string, ours: string): void {
    const [a, b] = [recorded.toLowerCase(), ours.toLowerCase()];
    const former = this.#ours.get(a);
    if (former !== undefined) this.#recorded.delete(former);
    this.#ours.set(a, b);
    this.#recorded.set(b, a);
  }

  /** Whether an id of ours stands for the recorded one; one that a server gave us is used as it is. */
  isSame(recorded: string | undefined, ours: string | undefined): boolean {
    if (recorded === undefined || ours === undefined) return recorded === ours;
    const known = this.#ours.get(recorded.toLowerCase()) ?? recorded.toLowerCase();
    return known === ours.toLowerCase() || recorded.toLowerCase() === ours.toLowerCase();
  }

  /** What we use instead of a recorded id; undefined where that is not known yet. */
  oursOf(recorded: string): string | undefined {
    return this.#ours.get(recorded.toLowerCase());
  }

  /** Which recorded id one of ours stands for. */
  recordedOf(ours: string): string | undefined {
    return this.#recorded.get(ours.toLowerCase());
  }

  /** A text of the recording with our ids in it; ids are written in capitals, as Windows does. */
  translate(text: string): string {
    return text.replace(anyGuid, (found) => this.#ours.get(found.toLowerCase())?.toUpperCase() ?? found);
  }
}

const anyGuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

export const isGuid = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
