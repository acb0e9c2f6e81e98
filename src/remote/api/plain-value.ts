import { maxShownDepth, toJson, truncationMark } from '../../core/ps-json.ts';
import { isPsEnum, psDictionary, psList } from '../../core/ps-value.ts';
import type { PsEntry, PsObject, PsTyped, PsValue } from '../../core/ps-value.ts';
import { Secret } from '../../core/secret.ts';

/**
 * What may be sent to a host as it is: plain JavaScript values, or `PsValue`s where the .NET type matters.
 *
 * Integers become Int32 or Int64, other numbers Double, a bigint Int64, a `Date` DateTime (UTC), a `Uint8Array` Byte[],
 * a `Secret` SecureString, arrays ArrayList, maps and plain objects Hashtable. Members that are undefined are left out.
 */
export type PlainValue =
  | PsValue
  | undefined
  | Date
  | Secret
  | readonly PlainValue[]
  | ReadonlyMap<PlainValue, PlainValue>
  | PlainObject;

export interface PlainObject {
  readonly [name: string]: PlainValue;
}

/** Nesting that is taken for a mistake, most likely a value that holds itself. */
const maxDepth = 100;

/**
 * Turns a plain value into the one that travels.
 *
 * @throws TypeError for what has no counterpart: functions, symbols, instances of other classes, an invalid Date, and
 *   objects that hold themselves.
 */
export function toPsValue(value: PlainValue, depth = 0): PsValue {
  if (depth > maxDepth) throw new TypeError('the value is nested too deeply, or holds itself');
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'object') return fromPrimitive(value);
  if (value instanceof Uint8Array) return value;
  if (value instanceof Secret) return { kind: 'secureString', secret: value };
  if (value instanceof Date) return fromDate(value);
  if (isArray(value)) return psList(value.map((item) => toPsValue(item, depth + 1)));
  if (isPsTyped(value)) return value;
  const entries =
    value instanceof Map ? [...(value as ReadonlyMap<PlainValue, PlainValue>)] : entriesOf(value);
  return psDictionary(
    entries.map(([key, item]): PsEntry => [toPsValue(key, depth + 1), toPsValue(item, depth + 1)]),
  );
}

function fromPrimitive(value: unknown): PsValue {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  throw new TypeError(`a ${typeof value} cannot be sent to a host`);
}

function fromNumber(value: number): PsValue {
  return Number.isSafeInteger(value) && (value | 0) !== value ? BigInt(value) : value;
}

function fromDate(value: Date): PsValue {
  if (Number.isNaN(value.getTime())) throw new TypeError('an invalid Date cannot be sent to a host');
  return { kind: 'dateTime', text: value.toISOString() };
}

function entriesOf(value: object): readonly (readonly [string, PlainValue])[] {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`a ${value.constructor.name} cannot be sent to a host; send a plain object`);
  }
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

function isArray(value: object): value is readonly PlainValue[] {
  return Array.isArray(value);
}

/** Whether it is a value of our own types already, and not a record of the user's that has a member `kind`. */
function isPsTyped(value: object): value is PsTyped | PsObject {
  if (!('kind' in value) || typeof value.kind !== 'string') return false;
  if (value.kind === 'object') return 'extended' in value && value.extended instanceof Map;
  if (value.kind === 'progress') return 'activity' in value && 'percentComplete' in value;
  const names = Object.keys(value);
  return names.length === 2 && typedMembers.some((name) => names.includes(name));
}

const typedMembers = ['text', 'value', 'code', 'secret'];

/** What `toPlain` gives. Objects are shared, and may hold themselves, as they did on the host. */
export type Plain =
  null | boolean | string | number | bigint | Uint8Array | Secret | Plain[] | { [name: string]: Plain };

/**
 * Turns what a host sent into plain JavaScript, for reading.
 *
 * Objects become records of their properties (those that PowerShell added win), collections arrays, dictionaries
 * records; enums their name; an object without properties its text. Int64 and UInt64 stay bigint; decimals, dates,
 * time spans, GUIDs and versions stay the text that was sent; a SecureString is a `Secret`. What is more than 500 objects
 * deep becomes `[truncated]`.
 */
export function toPlain(value: PsValue): Plain {
  return new PlainReader().read(value);
}

class PlainReader {
  readonly #seen = new Map<PsObject, Plain>();
  #depth = 0;

  read(value: PsValue): Plain {
    if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
    if (value.kind !== 'object') return readTyped(value);
    const known = this.#seen.get(value);
    if (known !== undefined) return known;
    if (this.#depth >= maxShownDepth) return truncationMark;
    this.#depth += 1;
    const object = this.#object(value);
    this.#depth -= 1;
    return object;
  }

  #object(value: PsObject): Plain {
    if (value.base !== undefined) {
      return isPsEnum(value) && value.text !== undefined ? value.text : this.read(value.base);
    }
    if (value.container?.kind === 'dictionary') return this.#record(value, value.container.entries);
    if (value.container !== undefined) return this.#list(value, value.container.items);
    if (value.adapted.size + value.extended.size === 0) return value.text ?? {};
    return this.#record(value, [...value.adapted, ...value.extended]);
  }

  #list(value: PsObject, items: readonly PsValue[]): Plain {
    const list: Plain[] = [];
    this.#seen.set(value, list);
    for (const item of items) list.push(this.read(item));
    return list;
  }

  #record(value: PsObject, entries: readonly PsEntry[]): Plain {
    const record: Record<string, Plain> = {};
    this.#seen.set(value, record);
    for (const [key, member] of entries) {
      const name = this.#name(key);
      // Not assigned, since a member may be called `__proto__`.
      Object.defineProperty(record, name, {
        value: this.read(member),
        ...{ enumerable: true, writable: true, configurable: true },
      });
    }
    return record;
  }

  #name(key: PsValue): string {
    const plain = this.read(key);
    return typeof plain === 'object' ? JSON.stringify(toJson(key)) : String(plain);
  }
}

function readTyped(value: PsTyped): Plain {
  switch (value.kind) {
    case 'char':
      return String.fromCharCode(value.code);
    case 'secureString':
      return value.secret;
    case 'progress': {
      const { kind: _, ...members } = value;
      return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, member ?? null]));
    }
    default:
      return 'text' in value ? value.text : value.value;
  }
}
