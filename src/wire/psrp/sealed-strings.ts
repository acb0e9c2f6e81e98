import { isPsObject } from '../../core/ps-value.ts';
import type { PsContainer, PsEntry, PsObject, PsText, PsValue } from '../../core/ps-value.ts';
import type { SecretCipher } from '../clixml/secret-cipher.ts';

/** Whether a SecureString is in it that came before there was a key to read it with. */
export function holdsSealedString(value: PsValue): boolean {
  return new SealedStrings().areIn(value);
}

/**
 * The same value with its SecureStrings readable. What is of another key stays as it came.
 *
 * @param value - May refer back to itself.
 */
export function openSealedStrings(value: PsValue, cipher: SecretCipher): PsValue {
  return new Opening(cipher).of(value);
}

type SealedString = PsText & { readonly kind: 'encryptedString' };

function isSealed(value: PsValue): value is SealedString {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'encryptedString';
}

class SealedStrings {
  readonly #seen = new Set<PsObject>();

  areIn(value: PsValue | undefined): boolean {
    if (value === undefined) return false;
    if (isSealed(value)) return true;
    if (!isPsObject(value) || this.#seen.has(value)) return false;
    this.#seen.add(value);
    return membersOf(value).some((member) => this.areIn(member));
  }
}

function membersOf({ base, adapted, extended, container }: PsObject): readonly (PsValue | undefined)[] {
  const items = container?.kind === 'dictionary' ? container.entries.flat() : (container?.items ?? []);
  return [base, ...adapted.values(), ...extended.values(), ...items];
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

class Opening {
  readonly #cipher: SecretCipher;
  readonly #opened = new Map<PsObject, PsObject>();

  constructor(cipher: SecretCipher) {
    this.#cipher = cipher;
  }

  of(value: PsValue): PsValue {
    if (isSealed(value)) {
      const secret = this.#cipher.decrypt(value.text);
      return secret === undefined ? value : { kind: 'secureString', secret };
    }
    return isPsObject(value) ? this.#object(value) : value;
  }

  #object(value: PsObject): PsObject {
    const known = this.#opened.get(value);
    if (known !== undefined) return known;
    const [adapted, extended] = [new Map<string, PsValue>(), new Map<string, PsValue>()];
    const opened: Mutable<PsObject> = { ...value, adapted, extended };
    // Known before its members, which may refer to it.
    this.#opened.set(value, opened);
    for (const [name, member] of value.adapted) adapted.set(name, this.of(member));
    for (const [name, member] of value.extended) extended.set(name, this.of(member));
    opened.base = value.base === undefined ? undefined : this.of(value.base);
    opened.container = value.container === undefined ? undefined : this.#container(value.container);
    return opened;
  }

  #container(container: PsContainer): PsContainer {
    if (container.kind !== 'dictionary') {
      return { kind: container.kind, items: container.items.map((item) => this.of(item)) };
    }
    const entries = container.entries.map(([key, item]): PsEntry => [this.of(key), this.of(item)]);
    return { kind: 'dictionary', entries };
  }
}
