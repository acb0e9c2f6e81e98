import type { Secret } from './secret.ts';

/**
 * A PowerShell value as it travels in CLIXML, lossless in both directions.
 *
 * A `number` is an Int32 when it is integral and in range, else a Double; a `bigint` is an Int64; bytes are a
 * byte array. Everything else is told apart by `kind`.
 *
 * @see MS-PSRP §2.2.5 https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-psrp
 */
export type PsValue = PsPrimitive | PsObject;
export type PsPrimitive = null | boolean | string | number | bigint | Uint8Array | PsTyped;
export type PsTyped = PsChar | PsNumeric | PsUInt64 | PsText | PsSecureString | PsProgress;

/** One UTF-16 code unit. */
export interface PsChar {
  readonly kind: 'char';
  readonly code: number;
}

/** A number of another type; `double` only where a plain number would be taken for an Int32. */
export interface PsNumeric {
  readonly kind: 'byte' | 'sbyte' | 'int16' | 'uint16' | 'uint32' | 'single' | 'double';
  readonly value: number;
}

export interface PsUInt64 {
  readonly kind: 'uint64';
  readonly value: bigint;
}

/**
 * Values kept as the text that was sent, because no JavaScript type holds them exactly: `dateTime` is ISO 8601 with
 * up to 7 fractional digits (see `dateTimeKind`), `timeSpan` an ISO 8601 duration. `encryptedString` is a SecureString
 * that came before a session key was exchanged: base64 that nobody here can read.
 */
export interface PsText {
  readonly kind:
    | 'decimal'
    | 'dateTime'
    | 'timeSpan'
    | 'guid'
    | 'uri'
    | 'version'
    | 'xml'
    | 'scriptBlock'
    | 'encryptedString';
  readonly text: string;
}

/** A .NET `SecureString`; it travels only under the key of the session. */
export interface PsSecureString {
  readonly kind: 'secureString';
  readonly secret: Secret;
}

/** A progress record in the compact form; members that were not sent are undefined. */
export interface PsProgress {
  readonly kind: 'progress';
  readonly activity: string | undefined;
  readonly activityId: number | undefined;
  readonly status: string | undefined;
  readonly currentOperation: string | undefined;
  readonly parentActivityId: number | undefined;
  readonly percentComplete: number | undefined;
  readonly secondsRemaining: number | undefined;
  /** `Processing` or `Completed`. */
  readonly type: string | undefined;
}

/** An object, a collection, an enum value, or a primitive with properties of its own. May refer back to itself. */
export interface PsObject {
  readonly kind: 'object';
  /** Most derived first; empty where none were sent. */
  readonly typeNames: readonly string[];
  /** What `ToString()` gave on the sender's side. */
  readonly text: string | undefined;
  /** Properties of the .NET object. */
  readonly adapted: ReadonlyMap<string, PsValue>;
  /** Properties that PowerShell added. */
  readonly extended: ReadonlyMap<string, PsValue>;
  /** The value of an enum, of a primitive with properties, or of an object that was wrapped once more. */
  readonly base: PsValue | undefined;
  readonly container: PsContainer | undefined;
}

export type PsContainer =
  | { readonly kind: 'list' | 'queue' | 'stack' | 'enumerable'; readonly items: readonly PsValue[] }
  | { readonly kind: 'dictionary'; readonly entries: readonly PsEntry[] };
export type PsEntry = readonly [key: PsValue, value: PsValue];

/** Makes an object from the parts that matter; the others are absent. */
export function psObject(parts: Partial<Omit<PsObject, 'kind'>>): PsObject {
  return {
    kind: 'object',
    typeNames: parts.typeNames ?? [],
    text: parts.text,
    adapted: parts.adapted ?? new Map<string, PsValue>(),
    extended: parts.extended ?? new Map<string, PsValue>(),
    base: parts.base,
    container: parts.container,
  };
}

/** An object whose properties are all extended ones, as the bodies of PSRP messages are. */
export function psRecord(
  properties: Readonly<Record<string, PsValue>>,
  typeNames: readonly string[] = [],
): PsObject {
  return psObject({ typeNames, extended: new Map(Object.entries(properties)) });
}

/** A `[pscustomobject]`. */
export function psCustomObject(properties: Readonly<Record<string, PsValue>>): PsObject {
  return psRecord(properties, ['System.Management.Automation.PSCustomObject', 'System.Object']);
}

/** An `ArrayList`, or a list of the type that is named. */
export function psList(
  items: readonly PsValue[],
  typeNames: readonly string[] = ['System.Collections.ArrayList', 'System.Object'],
): PsObject {
  return psObject({ typeNames, container: { kind: 'list', items } });
}

/** A `Hashtable`, or a dictionary of the type that is named. */
export function psDictionary(
  entries: Iterable<PsEntry>,
  typeNames: readonly string[] = ['System.Collections.Hashtable', 'System.Object'],
): PsObject {
  return psObject({ typeNames, container: { kind: 'dictionary', entries: [...entries] } });
}

/** A value of a .NET enumeration that is based on Int32. */
export function psEnum(typeName: string, value: number, text: string): PsObject {
  const typeNames = [typeName, 'System.Enum', 'System.ValueType', 'System.Object'];
  return psObject({ typeNames, text, base: value });
}

export function isPsObject(value: PsValue | undefined): value is PsObject {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'object';
}

/** Whether the value is an enum value: an integer with a name. */
export function isPsEnum(value: PsObject): boolean {
  return (
    value.base !== undefined && value.typeNames.some((name) => /^(Deserialized\.)?System\.Enum$/.test(name))
  );
}

/**
 * A property or dictionary entry by name: extended properties win over adapted ones, and those over entries; names are
 * compared exactly first, then without regard to case, as PowerShell does.
 */
export function propertyOf(value: PsValue | undefined, name: string): PsValue | undefined {
  if (!isPsObject(value)) return undefined;
  for (const members of [value.extended, value.adapted, entriesByName(value)]) {
    const exact = members.get(name);
    if (exact !== undefined) return exact;
    const wanted = name.toLowerCase();
    for (const [key, member] of members) if (key.toLowerCase() === wanted) return member;
  }
  return propertyOf(value.base, name);
}

function entriesByName(value: PsObject): ReadonlyMap<string, PsValue> {
  if (value.container?.kind !== 'dictionary') return new Map();
  return new Map(
    value.container.entries.flatMap(([key, item]) => (typeof key === 'string' ? [[key, item]] : [])),
  );
}

/** The items of a list, queue, stack or enumerable; undefined for anything else. */
export function itemsOf(value: PsValue | undefined): readonly PsValue[] | undefined {
  if (!isPsObject(value) || value.container === undefined) return undefined;
  return value.container.kind === 'dictionary' ? undefined : value.container.items;
}

/** The value inside a primitive with properties or an enum; other values as they are. */
export function baseOf(value: PsValue | undefined): PsValue | undefined {
  return isPsObject(value) && value.base !== undefined ? value.base : value;
}

/** The value as text where it is one: strings, texts kept as sent, and what `ToString()` gave for objects. */
export function textOf(value: PsValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return undefined;
  if (value.kind === 'object') return typeof value.base === 'string' ? value.base : value.text;
  return 'text' in value ? value.text : undefined;
}

/** The value as an integer that JavaScript holds exactly, from any integer type or enum; else undefined. */
export function integerOf(value: PsValue | undefined): number | undefined {
  const base = baseOf(value);
  const inner = typeof base === 'object' && base !== null && 'value' in base ? base.value : base;
  if (typeof inner !== 'number' && typeof inner !== 'bigint') return undefined;
  return Number.isSafeInteger(Number(inner)) ? Number(inner) : undefined;
}

/** What a date's text says about its zone: `utc` ends in Z, `offset` in ±hh:mm, `unspecified` in neither. */
export function dateTimeKind(text: string): 'utc' | 'offset' | 'unspecified' {
  if (/z$/i.test(text)) return 'utc';
  return /T.*[+-]\d{2}:\d{2}$/.test(text) ? 'offset' : 'unspecified';
}
