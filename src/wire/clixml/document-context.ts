import type { PsObject, PsValue } from '../../core/ps-value.ts';
import { decodePrimitive, isPrimitiveName } from './primitives.ts';
import type { SecretCipher } from './secret-cipher.ts';

/** What holds for one document: the objects and type names that can be referred to, and the key of its secrets. */
export class DocumentContext {
  /** Objects by id, as long as the ids count from 0 as everybody's do; the others stand in the map. */
  readonly #counted: PsObject[] = [];
  readonly #objects = new Map<string, PsObject>();
  readonly #typeNames = new Map<string, readonly string[]>();
  readonly #cipher: SecretCipher | undefined;
  readonly #fail: (reason: string) => void;

  constructor(cipher: SecretCipher | undefined, fail: (reason: string) => void) {
    this.#cipher = cipher;
    this.#fail = fail;
  }

  /** Notes what is wrong; the null keeps the types simple and is never seen. */
  fail(reason: string): null {
    this.#fail(reason);
    return null;
  }

  /** The value of an element without children. */
  valueOf(name: string, refId: string | undefined, text: string): PsValue {
    if (name === 'Ref') return this.#reference(refId ?? '');
    const value = decodePrimitive(name, text);
    if (value === undefined) {
      if (!isPrimitiveName(name)) return this.fail(`<${name}> is unknown here`);
      return this.fail(`<${name}> has a content that its type cannot have`);
    }
    return name === 'SS' && this.#cipher !== undefined ? this.#secret(text, this.#cipher) : value;
  }

  define(refId: string | undefined, object: PsObject): void {
    if (refId === undefined) return;
    if (Number(refId) === this.#counted.length) this.#counted.push(object);
    else this.#objects.set(refId, object);
  }

  defineTypeNames(refId: string | undefined, names: readonly string[]): void {
    if (refId !== undefined) this.#typeNames.set(refId, names);
  }

  typeNamesOf(refId: string): readonly string[] {
    const names = this.#typeNames.get(refId);
    if (names === undefined) this.fail(`type names ${refId} are referred to but never sent`);
    return names ?? [];
  }

  #reference(refId: string): PsValue {
    const object = this.#objects.get(refId) ?? (refId === '' ? undefined : this.#counted[Number(refId)]);
    return object ?? this.fail(`object ${refId} is referred to but never sent`);
  }

  #secret(content: string, cipher: SecretCipher): PsValue {
    const secret = cipher.decrypt(content);
    if (secret !== undefined) return { kind: 'secureString', secret };
    return this.fail('a SecureString is not encrypted under the key of the session');
  }
}
