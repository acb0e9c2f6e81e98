import { psDictionary, psList, psObject } from '../../../src/core/ps-value.ts';
import type { PsValue } from '../../../src/core/ps-value.ts';
import { Secret } from '../../../src/core/secret.ts';
import { decodePrimitive } from '../../../src/wire/clixml/primitives.ts';
import { asMapping, textUnder } from '../yaml-file.ts';
import type { Mapping } from '../yaml-file.ts';

/** Something in the notation of INDEX.md §4 that this reader does not know, or that makes no sense. */
export class NotationProblem extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NotationProblem';
  }
}

/** The kinds of forms, by the key that tells them apart. */
export type Form =
  | { readonly kind: 'plain'; readonly value: null | boolean | string | number }
  | { readonly kind: 'list'; readonly items: readonly unknown[] }
  | { readonly kind: 'prim'; readonly type: string; readonly value: unknown }
  | { readonly kind: 'hashtable'; readonly entries: Mapping }
  | { readonly kind: 'object'; readonly parts: Mapping }
  | { readonly kind: 'secureString'; readonly text: string }
  | { readonly kind: 'string'; readonly facts: Mapping }
  | { readonly kind: 'fromRequest'; readonly name: string };

/** Tells which form a value has; texts that are described (`$repeat`, `$concat`, `$base64`) are worked out. */
export function formOf(notation: unknown): Form {
  if (notation === null || ['boolean', 'string', 'number'].includes(typeof notation)) {
    return { kind: 'plain', value: notation as null | boolean | string | number };
  }
  if (Array.isArray(notation)) return { kind: 'list', items: notation };
  const mapping = asMapping(notation);
  const key = Object.keys(mapping ?? {}).find((name) => name.startsWith('$'));
  if (mapping === undefined || key === undefined) {
    throw new NotationProblem(`${JSON.stringify(notation)} is no value in the notation of INDEX.md §4`);
  }
  const content = mapping[key];
  switch (key) {
    case '$prim':
      return { kind: 'prim', type: String(content), value: mapping['value'] };
    case '$hashtable':
      return { kind: 'hashtable', entries: asMapping(content) ?? {} };
    case '$object':
      return { kind: 'object', parts: asMapping(content) ?? {} };
    case '$secureString':
      return { kind: 'secureString', text: textIn(content) };
    case '$string':
      return { kind: 'string', facts: asMapping(content) ?? {} };
    case '$fromRequest':
      return { kind: 'fromRequest', name: String(content) };
    case '$repeat':
    case '$concat':
    case '$base64':
      return { kind: 'plain', value: textIn(notation) };
    default:
      throw new NotationProblem(`the form ${key} is not known; INDEX.md §4 names the known ones`);
  }
}

/** The text that a notation stands for: a text itself, `$repeat`, `$concat` or `$base64`. */
export function textIn(notation: unknown): string {
  if (typeof notation === 'string') return notation;
  const mapping = asMapping(notation) ?? {};
  const { $repeat: repeat, $concat: concat, $base64: base64, slice } = mapping;
  if (Array.isArray(repeat) && typeof repeat[1] === 'number') return textIn(repeat[0]).repeat(repeat[1]);
  if (Array.isArray(concat)) return concat.map(textIn).join('');
  if (base64 !== undefined) {
    const bytes = Buffer.from(textIn(base64), 'utf8');
    const [from, to] = Array.isArray(slice) ? (slice as number[]) : [];
    return bytes.subarray(from, to).toString('base64');
  }
  throw new NotationProblem(`${JSON.stringify(notation)} is no text`);
}

/** The value to send that a notation stands for. `fromRequest` gives what stands in the recorded request. */
export function valueOf(notation: unknown, fromRequest: (name: string) => string): PsValue {
  const form = formOf(notation);
  const inner = (value: unknown): PsValue => valueOf(value, fromRequest);
  switch (form.kind) {
    case 'plain':
      return form.value;
    case 'list':
      return psList(form.items.map(inner));
    case 'prim':
      return primitiveOf(form.type, form.value);
    case 'hashtable':
      return psDictionary(Object.entries(form.entries).map(([key, value]) => [key, inner(value)]));
    case 'object':
      return objectOf(form.parts, inner);
    case 'secureString':
      return { kind: 'secureString', secret: new Secret(form.text) };
    case 'fromRequest':
      return fromRequest(form.name);
    case 'string':
      throw new NotationProblem('$string describes a text too briefly to send it');
    default:
      form satisfies never;
      throw new NotationProblem('unreachable');
  }
}

function objectOf(parts: Mapping, inner: (value: unknown) => PsValue): PsValue {
  const members = (name: string): ReadonlyMap<string, PsValue> =>
    new Map(Object.entries(asMapping(parts[name]) ?? {}).map(([key, value]) => [key, inner(value)]));
  const { typeName, value } = parts;
  const enumeration = typeof value === 'number' ? ['System.Enum', 'System.ValueType'] : [];
  const typeNames = typeof typeName === 'string' ? [typeName, ...enumeration, 'System.Object'] : [];
  return psObject({
    typeNames,
    text: textUnder(parts, 'toString'),
    adapted: members('adapted'),
    extended: members('extended'),
    base: value === undefined ? undefined : inner(value),
  });
}

/** A primitive by the name of its CLIXML element. */
export function primitiveOf(type: string, value: unknown): PsValue {
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  const asText = ({ URI: 'uri', XD: 'xml', SBK: 'scriptBlock' } as const)[type];
  if (type === 'S') return text;
  if (asText !== undefined) return { kind: asText, text };
  const decoded = decodePrimitive(type, text);
  if (decoded === undefined) throw new NotationProblem(`${text} is no value of the CLIXML element ${type}`);
  return decoded;
}
