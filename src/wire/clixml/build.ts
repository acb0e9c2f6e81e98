import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type {
  PsContainer,
  PsEntry,
  PsObject,
  PsPrimitive,
  PsProgress,
  PsValue,
} from '../../core/ps-value.ts';
import { escapeText, unescapeText } from './escape.ts';
import { decodePrimitive, isPrimitiveName } from './primitives.ts';
import type { SecretCipher } from './secret-cipher.ts';
import type { XmlElement } from './xml-tree.ts';

/** An object while its parts are still arriving: a reference inside may already point to it. */
type Growing<T> = { -readonly [Key in keyof T]: T[Key] };

const containerKinds: ReadonlyMap<string, PsContainer['kind']> = new Map([
  ['LST', 'list'],
  ['QUE', 'queue'],
  ['STK', 'stack'],
  ['IE', 'enumerable'],
  ['DCT', 'dictionary'],
]);

/**
 * Turns the elements of one document into values and resolves the references between them.
 *
 * After the first thing that is wrong the values are meaningless: ask `failure` at the end.
 */
export class ClixmlBuilder {
  readonly #objects = new Map<string, PsObject>();
  readonly #typeNames = new Map<string, readonly string[]>();
  readonly #cipher: SecretCipher | undefined;
  #failure: Failure | undefined;

  constructor(cipher: SecretCipher | undefined) {
    this.#cipher = cipher;
  }

  get failure(): Failure | undefined {
    return this.#failure;
  }

  build(element: XmlElement): PsValue {
    if (element.name === 'Obj') return this.#object(element);
    if (element.name === 'PR') return this.#progress(element);
    if (element.name === 'Ref') return this.#reference(element);
    return this.#primitive(element);
  }

  #primitive(element: XmlElement): PsPrimitive {
    const value = element.children.length > 0 ? undefined : decodePrimitive(element.name, element.text);
    if (element.name === 'SS' && value !== undefined && this.#cipher !== undefined) {
      return this.#secret(element.text, this.#cipher);
    }
    if (value !== undefined) return value;
    if (!isPrimitiveName(element.name)) return this.#fail(`<${element.name}> is unknown here`);
    return this.#fail(`<${element.name}> has a content that its type cannot have`);
  }

  #secret(content: string, cipher: SecretCipher): PsPrimitive {
    const secret = cipher.decrypt(content);
    if (secret === undefined)
      return this.#fail('a SecureString is not encrypted under the key of the session');
    return { kind: 'secureString', secret };
  }

  #reference(element: XmlElement): PsValue {
    const id = element.attributes['RefId'] ?? '';
    return this.#objects.get(id) ?? this.#fail(`object ${id} is referred to but never sent`);
  }

  #object(element: XmlElement): PsObject {
    const object: Growing<PsObject> = {
      kind: 'object',
      typeNames: [],
      text: undefined,
      adapted: new Map(),
      extended: new Map(),
      base: undefined,
      container: undefined,
    };
    const id = element.attributes['RefId'];
    if (id !== undefined) this.#objects.set(id, object);
    for (const child of element.children) this.#addPart(object, child);
    return object;
  }

  #addPart(object: Growing<PsObject>, part: XmlElement): void {
    const containerKind = containerKinds.get(part.name);
    if (part.name === 'TN') object.typeNames = this.#defineTypeNames(part);
    else if (part.name === 'TNRef') object.typeNames = this.#knownTypeNames(part);
    else if (part.name === 'ToString') object.text = unescapeText(part.text);
    else if (part.name === 'Props') object.adapted = this.#properties(part);
    else if (part.name === 'MS') object.extended = this.#properties(part);
    else if (containerKind !== undefined) object.container = this.#container(containerKind, part);
    // Exchange writes a reference beside the base value; it adds nothing.
    else if (part.name === 'Ref') this.#reference(part);
    else if (object.base === undefined) object.base = this.build(part);
  }

  #defineTypeNames(part: XmlElement): readonly string[] {
    const names = part.children.map((child) => unescapeText(child.text));
    const id = part.attributes['RefId'];
    if (id !== undefined) this.#typeNames.set(id, names);
    return names;
  }

  #knownTypeNames(part: XmlElement): readonly string[] {
    const id = part.attributes['RefId'] ?? '';
    const names = this.#typeNames.get(id);
    if (names === undefined) this.#fail(`type names ${id} are referred to but never sent`);
    return names ?? [];
  }

  #properties(part: XmlElement): ReadonlyMap<string, PsValue> {
    const members = new Map<string, PsValue>();
    for (const child of part.children) {
      const name = child.attributes['N'];
      if (name === undefined) this.#fail(`<${child.name}> in <${part.name}> has no name`);
      else members.set(unescapeText(name), this.build(child));
    }
    return members;
  }

  #container(kind: PsContainer['kind'], part: XmlElement): PsContainer {
    if (kind === 'dictionary') return { kind, entries: part.children.map((entry) => this.#entry(entry)) };
    return { kind, items: part.children.map((item) => this.build(item)) };
  }

  #entry(entry: XmlElement): PsEntry {
    const key = entry.children.find((child) => child.attributes['N'] === 'Key');
    const value = entry.children.find((child) => child.attributes['N'] === 'Value');
    if (key === undefined || value === undefined) {
      this.#fail('a dictionary entry lacks its Key or Value');
      return [null, null];
    }
    return [this.build(key), this.build(value)];
  }

  #progress(element: XmlElement): PsProgress {
    const text = (...names: string[]): string | undefined => {
      const found = element.children.find((child) => names.includes(child.name));
      return found === undefined ? undefined : unescapeText(found.text);
    };
    const number = (name: string): number | undefined => {
      const value = decodePrimitive('I32', text(name) ?? '');
      return typeof value === 'number' ? value : undefined;
    };
    return {
      kind: 'progress',
      activity: text('AV'),
      activityId: number('AI'),
      status: text('SD'),
      currentOperation: text('S', 'CO'),
      parentActivityId: number('PI'),
      percentComplete: number('PC'),
      secondsRemaining: number('SR'),
      type: text('T'),
    };
  }

  /** Notes the first failure; the null keeps the types simple and is never seen. */
  #fail(reason: string): null {
    this.#failure ??= failure('clixml.malformed', { reason: escapeText(reason) });
    return null;
  }
}
