/** The key that lets `core/issue-write-permit.ts`, and nothing else, construct a permit. */
export const writePermitKey: unique symbol = Symbol('write permit');

/**
 * Allows one write on one host: made only after the intent is in the journal.
 *
 * A session checks at run time that it was given a real one (`WritePermit.isGenuine`), so a dry run cannot write.
 */
export class WritePermit {
  readonly host: string;
  readonly intent: string;
  readonly #genuine = true;

  constructor(key: typeof writePermitKey, host: string, intent: string) {
    if (key !== writePermitKey) throw new TypeError('a write permit is issued by the engine only');
    this.host = host;
    this.intent = intent;
  }

  static isGenuine(value: unknown): value is WritePermit {
    return typeof value === 'object' && value !== null && #genuine in value && value.#genuine;
  }
}
