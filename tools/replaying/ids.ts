/**
 * Which id of ours stands for which recorded one. Case does not count.
 *
 * Two recorded ids may stand for one of ours: the recorded client wrote its ids into PSRP headers as they read, where
 * .NET (and we) turn the first three groups round, so that one id of its looks like two.
 */
export class IdMap {
  readonly #ours = new Map<string, string>();
  readonly #recorded = new Map<string, string>();

  /** Remembers a pair; where it contradicts an earlier one, nothing changes and the answer is false. */
  learn(recorded: string, ours: string): boolean {
    const [a, b] = [recorded.toLowerCase(), ours.toLowerCase()];
    const known = this.#ours.get(a);
    if (known !== undefined) return known === b;
    const owner = this.#recorded.get(b);
    if (owner !== undefined && owner !== a && turnedRound(owner) !== a) return false;
    this.#set(a, b);
    return true;
  }

  /** Remembers a pair, whatever the recorded id stood for before. */
  relearn(recorded: string, ours: string): void {
    this.#set(recorded.toLowerCase(), ours.toLowerCase());
  }

  /** Whether an id of ours stands for the recorded one; one that a server gave us is used as it is. */
  isSame(recorded: string | undefined, ours: string | undefined): boolean {
    if (recorded === undefined || ours === undefined) return recorded === ours;
    const [a, b] = [recorded.toLowerCase(), ours.toLowerCase()];
    return a === b || this.#ours.get(a) === b;
  }

  /** What we use instead of a recorded id, in lower case; undefined where that is not known yet. */
  oursOf(recorded: string): string | undefined {
    return this.#ours.get(recorded.toLowerCase());
  }

  /** Whether an id of ours stands for anything now. */
  isUsed(ours: string): boolean {
    return this.#recorded.has(ours.toLowerCase());
  }

  /** A text of the recording with our ids in it; ids are written in capitals, as Windows does. */
  translate(text: string): string {
    return text.replace(anyGuid, (found) => this.#ours.get(found.toLowerCase())?.toUpperCase() ?? found);
  }

  #set(recorded: string, ours: string): void {
    const former = this.#ours.get(recorded);
    if (former !== undefined && former !== ours) this.#recorded.delete(former);
    this.#ours.set(recorded, ours);
    if (!this.#recorded.has(ours)) this.#recorded.set(ours, recorded);
  }
}

const anyGuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

export const isGuid = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);

/** The id whose bytes in .NET's order are those of this one in the order of reading. */
export function turnedRound(id: string): string {
  const [a = '', b = '', c = '', ...rest] = id.split('-');
  const turn = (group: string): string => (group.match(/../g) ?? []).reverse().join('');
  return [turn(a), turn(b), turn(c), ...rest].join('-');
}
