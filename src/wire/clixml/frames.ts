import type { PsContainer, PsEntry, PsObject, PsValue } from '../../core/ps-value.ts';
import type { DocumentContext } from './document-context.ts';
import { unescapeText } from './escape.ts';
import { ProgressFrame } from './progress-frame.ts';
import type { XmlAttributes } from './xml-attributes.ts';

/** An element that is open and has children. */
export interface Frame {
  readonly attributes: XmlAttributes;
  /** The frame of a child that may have children too; undefined for one that has only text. */
  child(name: string, attributes: XmlAttributes): Frame | undefined;
  /** Takes a child that has only text. */
  leaf(name: string, attributes: XmlAttributes, text: string): void;
  /** Takes the value of a child that had a frame. */
  add(value: PsValue, attributes: XmlAttributes): void;
  /** The value of the element; undefined where it is a part of the one around it. */
  close(): PsValue | undefined;
}

type Add = (value: PsValue, attributes: XmlAttributes) => void;

/** An element whose children are values: what becomes of them is said by `add`. */
export class ValuesFrame implements Frame {
  readonly attributes: XmlAttributes;
  readonly add: Add;
  protected readonly context: DocumentContext;

  constructor(context: DocumentContext, attributes: XmlAttributes, add: Add) {
    this.context = context;
    this.attributes = attributes;
    this.add = add;
  }

  child(name: string, attributes: XmlAttributes): Frame | undefined {
    if (name === 'Obj') return new ObjectFrame(this.context, attributes);
    return name === 'PR' ? new ProgressFrame(attributes) : undefined;
  }

  leaf(name: string, attributes: XmlAttributes, text: string): void {
    this.add(this.context.valueOf(name, attributes.refId, text), attributes);
  }

  close(): PsValue | undefined {
    return undefined;
  }
}

/** An object while its parts are still arriving: a reference inside may already point to it. */
type Growing<T> = { -readonly [Key in keyof T]: T[Key] };

const noMembers: ReadonlyMap<string, PsValue> = new Map();

class ObjectFrame extends ValuesFrame {
  readonly #object: Growing<PsObject>;

  constructor(context: DocumentContext, attributes: XmlAttributes) {
    const object: Growing<PsObject> = {
      kind: 'object',
      typeNames: [],
      text: undefined,
      adapted: noMembers,
      extended: noMembers,
      base: undefined,
      container: undefined,
    };
    super(context, attributes, (value) => {
      if (object.base === undefined) object.base = value;
    });
    this.#object = object;
    context.define(attributes.refId, object);
  }

  override child(name: string, attributes: XmlAttributes): Frame | undefined {
    switch (name) {
      case 'TN':
        return this.#typeNames(attributes);
      case 'Props':
        return this.#members('adapted', attributes);
      case 'MS':
        return this.#members('extended', attributes);
      case 'LST':
        return this.#items('list', attributes);
      case 'QUE':
        return this.#items('queue', attributes);
      case 'STK':
        return this.#items('stack', attributes);
      case 'IE':
        return this.#items('enumerable', attributes);
      case 'DCT':
        return this.#entries(attributes);
      default:
        return super.child(name, attributes);
    }
  }

  override leaf(name: string, attributes: XmlAttributes, text: string): void {
    if (name === 'ToString') this.#object.text = unescapeText(text);
    else if (name === 'TNRef') this.#object.typeNames = this.context.typeNamesOf(attributes.refId ?? '');
    // Exchange writes a reference beside the base value; it adds nothing.
    else if (name === 'Ref') this.context.valueOf(name, attributes.refId, text);
    else super.leaf(name, attributes, text);
  }

  override close(): PsValue {
    return this.#object;
  }

  #typeNames(attributes: XmlAttributes): Frame {
    const names: string[] = [];
    this.#object.typeNames = names;
    this.context.defineTypeNames(attributes.refId, names);
    return new TypeNamesFrame(attributes, names);
  }

  #members(which: 'adapted' | 'extended', attributes: XmlAttributes): Frame {
    const members = new Map<string, PsValue>();
    this.#object[which] = members;
    return new ValuesFrame(this.context, attributes, (value, { name }) => {
      if (name === undefined) this.context.fail('a property has no name');
      else members.set(unescapeText(name), value);
    });
  }

  #items(kind: Exclude<PsContainer['kind'], 'dictionary'>, attributes: XmlAttributes): Frame {
    const items: PsValue[] = [];
    this.#object.container = { kind, items };
    return new ValuesFrame(this.context, attributes, (value) => items.push(value));
  }

  #entries(attributes: XmlAttributes): Frame {
    const entries: PsEntry[] = [];
    this.#object.container = { kind: 'dictionary', entries };
    return new EntriesFrame(this.context, attributes, entries);
  }
}

class EntriesFrame extends ValuesFrame {
  readonly #entries: PsEntry[];

  constructor(context: DocumentContext, attributes: XmlAttributes, entries: PsEntry[]) {
    super(context, attributes, () => context.fail('a dictionary holds something other than entries'));
    this.#entries = entries;
  }

  override child(name: string, attributes: XmlAttributes): Frame | undefined {
    if (name !== 'En') return super.child(name, attributes);
    return new EntryFrame(this.context, attributes, this.#entries);
  }
}

class EntryFrame extends ValuesFrame {
  readonly #entries: PsEntry[];
  readonly #parts: Map<string | undefined, PsValue>;

  constructor(context: DocumentContext, attributes: XmlAttributes, entries: PsEntry[]) {
    const parts = new Map<string | undefined, PsValue>();
    super(context, attributes, (value, { name }) => parts.set(name, value));
    this.#entries = entries;
    this.#parts = parts;
  }

  override close(): undefined {
    const key = this.#parts.get('Key');
    const value = this.#parts.get('Value');
    if (key !== undefined && value !== undefined) this.#entries.push([key, value]);
    else this.context.fail('a dictionary entry lacks its Key or Value');
  }
}

class TypeNamesFrame implements Frame {
  readonly attributes: XmlAttributes;
  readonly #names: string[];

  constructor(attributes: XmlAttributes, names: string[]) {
    this.attributes = attributes;
    this.#names = names;
  }

  child(): undefined {
    return undefined;
  }

  leaf(_name: string, _attributes: XmlAttributes, text: string): void {
    this.#names.push(unescapeText(text));
  }

  add(): void {
    // Its children have no frames.
  }

  close(): undefined {
    return undefined;
  }
}
