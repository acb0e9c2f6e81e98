import { isPsObject } from '../../core/ps-value.ts';
import type { PsContainer, PsEntry, PsObject, PsText, PsValue } from '../../core/ps-value.ts';
import type { SecretCipher } from '../clixml/secret-cipher.ts';

/** Whether a SecureString is in it that came before there was a key to read it with. */
export function holdsSealedString(value: PsValue): boolean {
  const seen = new Set<PsObject>();
  const waiting: (PsValue | undefined)[] = [value];
  // Without recursion, here and below, since references make chains of any length.
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (next === undefined) continue;
    if (isSealed(next)) return true;
    if (!isPsObject(next) || seen.has(next)) continue;
    seen.add(next);
    for (const member of membersOf(next)) waiting.push(member);
  }
  return false;
}

/**
 * The same value with its SecureStrings readable. What is of another key stays as it came.
 *
 * @param value - May refer back to itself.
 */
export function openSealedStrings(value: PsValue, cipher: SecretCipher): PsValue {
  return new Opening(cipher).open(value);
}

type SealedString = PsText & { readonly kind: 'encryptedString' };

function isSealed(value: PsValue): value is SealedString {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'encryptedString';
}

function membersOf({ base, adapted, extended, container }: PsObject): readonly (PsValue | undefined)[] {
  const items = container?.kind === 'dictionary' ? container.entries.flat() : (container?.items ?? []);
  return [base, ...adapted.values(), ...extended.values(), ...items];
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

class Opening {
  readonly #cipher: SecretCipher;
  readonly #opened = new Map<PsObject, Mutable<PsObject>>();
  /** Objects that are known, and may be referred to, but have no members yet. */
  readonly #waiting: PsObject[] = [];

  constructor(cipher: SecretCipher) {
    this.#cipher = cipher;
  }

  open(value: PsValue): PsValue {
    const opened = this.#of(value);
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) this.#fill(next);
    return opened;
  }

  #of(value: PsValue): PsValue {
    if (isSealed(value)) {
      const secret = this.#cipher.decrypt(value.text);
      return secret === undefined ? value : { kind: 'secureString', secret };
    }
    return isPsObject(value) ? this.#object(value) : value;
  }

  #object(value: PsObject): Mutable<PsObject> {
    const known = this.#opened.get(value);
    if (known !== undefined) return known;
    const opened = { ...value };
    this.#opened.set(value, opened);
    this.#waiting.push(value);
    return opened;
  }

  #fill(value: PsObject): void {
    const opened = this.#object(value);
    opened.adapted = this.#members(value.adapted);
    opened.extended = this.#members(value.extended);
    opened.base = value.base === undefined ? undefined : this.#of(value.base);
    opened.container = value.container === undefined ? undefined : this.#container(value.container);
  }

  #members(members: ReadonlyMap<string, PsValue>): ReadonlyMap<string, PsValue> {
    return new Map(Array.from(members, ([name, member]) => [name, this.#of(member)]));
  }

  #container(container: PsContainer): PsContainer {
    if (container.kind !== 'dictionary') {
      return { kind: container.kind, items: container.items.map((item) => this.#of(item)) };
    }
    const entries = container.entries.map(([key, item]): PsEntry => [this.#of(key), this.#of(item)]);
    return { kind: 'dictionary', entries };
  }
}
