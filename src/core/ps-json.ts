import type { JsonObject, JsonValue } from './json.ts';
import { isPsEnum, psDictionary, psList } from './ps-value.ts';
import type { PsEntry, PsObject, PsTyped, PsValue } from './ps-value.ts';

/**
 * Turns plain JSON into what a script takes as arguments.
 *
 * Records become hashtables with string keys, arrays ArrayLists; integers beyond Int32 become Int64; members that are
 * undefined are left out.
 */
export function fromJson(value: JsonValue): PsValue {
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return psList(value.map(fromJson));
  const entries: PsEntry[] = [];
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) entries.push([key, fromJson(member)]);
  }
  return psDictionary(entries);
}

function fromNumber(value: number): PsValue {
  const beyondInt32 = Number.isSafeInteger(value) && (value | 0) !== value;
  return beyondInt32 ? BigInt(value) : value;
}

function isArray(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Nodes that `toJson` visits at most: objects may be shared, so a small message can stand for a huge tree. */
const maxJsonNodes = 1_000_000;
/** Objects within objects: a document nests less, but references make chains of any length. */
export const maxShownDepth = 500;
export const cycleMark = '[cycle]';
export const truncationMark = '[truncated]';

/**
 * Turns what a script gave into plain JSON, for reading rather than for sending back.
 *
 * Objects become records of their adapted and extended properties (extended ones win), collections arrays, dictionaries
 * records; enums and primitives with properties become their name or value; an object without properties its text.
 * 64-bit integers beyond 2^53, decimals, dates, GUIDs, versions become text; bytes base64; NaN and infinities null.
 * An object inside itself becomes `[cycle]`; beyond a million nodes, or 500 levels, the rest becomes `[truncated]`.
 */
export function toJson(value: PsValue): JsonValue {
  return new JsonConversion().convert(value);
}

class JsonConversion {
  readonly #path = new Set<PsObject>();
  #left = maxJsonNodes;

  convert(value: PsValue): JsonValue {
    if (this.#left-- <= 0) return truncationMark;
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
    if (typeof value === 'number') return finite(value);
    if (typeof value === 'bigint') return integer(value);
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
    if (value.kind !== 'object') return this.#typed(value);
    if (this.#path.has(value)) return cycleMark;
    if (this.#path.size >= maxShownDepth) return truncationMark;
    this.#path.add(value);
    const converted = this.#object(value);
    this.#path.delete(value);
    return converted;
  }

  #typed(value: PsTyped): JsonValue {
    switch (value.kind) {
      case 'char':
        return String.fromCharCode(value.code);
      case 'uint64':
        return integer(value.value);
      case 'progress':
        return this.#progress(value);
      case 'dateTime':
        return value.text.replace(/[+-]00:00$/, 'Z');
      case 'secureString':
      case 'encryptedString':
        return '[secret]';
      default:
        return 'text' in value ? value.text : finite(value.value);
    }
  }

  #progress({ kind: _, ...members }: Extract<PsTyped, { kind: 'progress' }>): JsonValue {
    return members;
  }

  #object(value: PsObject): JsonValue {
    if (value.base !== undefined) {
      return isPsEnum(value) && value.text !== undefined ? value.text : this.convert(value.base);
    }
    if (value.container?.kind === 'dictionary') return this.#record(value.container.entries);
    if (value.container !== undefined) return value.container.items.map((item) => this.convert(item));
    if (value.adapted.size + value.extended.size === 0) return value.text ?? {};
    return this.#record([...value.adapted, ...value.extended]);
  }

  #record(entries: readonly PsEntry[]): JsonObject {
    const names = entries.map(([key, member]): [string, JsonValue] => [this.#key(key), this.convert(member)]);
    return Object.fromEntries(names);
  }

  #key(key: PsValue): string {
    const converted = this.convert(key);
    return typeof converted === 'string' ? converted : JSON.stringify(converted);
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
const integer = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
