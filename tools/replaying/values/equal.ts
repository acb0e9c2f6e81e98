import { isPsEnum, isPsObject, itemsOf } from '../../../src/core/ps-value.ts';
import type { PsObject, PsValue } from '../../../src/core/ps-value.ts';
import { encodePrimitive } from '../../../src/wire/clixml/primitives.ts';
import type { Difference } from '../difference.ts';
import { describeValue } from './describe.ts';

/**
 * How two values of the same meaning may differ, since the receiver does not look there:
 *
 * - an enumeration value counts by its number (names of types and values differ between clients);
 * - type names of containers, and texts of `ToString()`, are not compared;
 * - a member that is null equals one that is absent, where `absentIsNull` says so (bodies of messages);
 * - names of members differ in case only (`CI` and `ci`), as PowerShell reads them.
 */
export interface Leniency {
  readonly absentIsNull: boolean;
}

/** Where two CLIXML values differ in meaning; empty where they do not. */
export function differencesOf(
  expected: PsValue | undefined,
  got: PsValue | undefined,
  path: string,
  leniency: Leniency = { absentIsNull: false },
): readonly Difference[] {
  const differ = (): readonly Difference[] => [
    { path, expected: describeValue(expected), got: describeValue(got) },
  ];
  if (leniency.absentIsNull && (expected ?? null) === null && (got ?? null) === null) return [];
  const [left, right] = [unwrapped(expected), unwrapped(got)];
  if (isPsObject(left) && isPsObject(right)) return objects(left, right, path, leniency);
  if (left === undefined || right === undefined) return left === right ? [] : differ();
  if (isPsObject(left) || isPsObject(right)) return differ();
  return samePrimitive(left, right) ? [] : differ();
}

/** An enumeration value as its number; objects that carry nothing but a value, as the value. */
function unwrapped(value: PsValue | undefined): PsValue | undefined {
  if (!isPsObject(value) || value.base === undefined) return value;
  const isPlain = value.adapted.size === 0 && value.extended.size === 0;
  return isPsEnum(value) || isPlain ? unwrapped(value.base) : value;
}

type Primitive = Exclude<PsValue, PsObject>;

export function samePrimitive(left: Primitive, right: Primitive): boolean {
  if (isApart(left) || isApart(right)) return isApart(left) && isApart(right) && sameApart(left, right);
  const [a, b] = [encodePrimitive(left), encodePrimitive(right)];
  return a.name === b.name && a.content === b.content;
}

type Apart = Extract<Primitive, { kind: 'progress' | 'secureString' }>;

function isApart(value: Primitive): value is Apart {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  return value.kind === 'progress' || value.kind === 'secureString';
}

function sameApart(left: Apart, right: Apart): boolean {
  if (left.kind === 'secureString') {
    return right.kind === 'secureString' && left.secret.reveal() === right.secret.reveal();
  }
  return JSON.stringify(left) === JSON.stringify(right);
}

function objects(left: PsObject, right: PsObject, path: string, leniency: Leniency): readonly Difference[] {
  return [
    ...typesDiffer(left, right, path),
    ...members(left.adapted, right.adapted, path, leniency),
    ...members(left.extended, right.extended, path, leniency),
    ...(left.base === undefined && right.base === undefined
      ? []
      : differencesOf(left.base, right.base, `${path}.(value)`, leniency)),
    ...containers(left, right, path, leniency),
  ];
}

function typesDiffer(left: PsObject, right: PsObject, path: string): readonly Difference[] {
  if (left.container !== undefined || right.container !== undefined) return [];
  const [expected = '', got = ''] = [left.typeNames[0], right.typeNames[0]];
  return expected === got ? [] : [{ path: `${path}.(type)`, expected, got }];
}

function members(
  left: ReadonlyMap<string, PsValue>,
  right: ReadonlyMap<string, PsValue>,
  path: string,
  leniency: Leniency,
): readonly Difference[] {
  const [expected, got] = [byLowerCase(left), byLowerCase(right)];
  const names = new Set([...expected.keys(), ...got.keys()]);
  return [...names].flatMap((key) => {
    const [a, b] = [expected.get(key), got.get(key)];
    return differencesOf(a?.value, b?.value, `${path}.${a?.name ?? b?.name ?? key}`, leniency);
  });
}

function byLowerCase(
  all: ReadonlyMap<string, PsValue>,
): ReadonlyMap<string, { readonly name: string; readonly value: PsValue }> {
  return new Map([...all].map(([name, value]) => [name.toLowerCase(), { name, value }]));
}

function containers(
  left: PsObject,
  right: PsObject,
  path: string,
  leniency: Leniency,
): readonly Difference[] {
  const [a, b] = [left.container, right.container];
  if (a?.kind !== b?.kind) {
    return [{ path: `${path}.(container)`, expected: a?.kind ?? 'none', got: b?.kind ?? 'none' }];
  }
  if (a === undefined || b === undefined) return [];
  if (a.kind !== 'dictionary' || b.kind !== 'dictionary') {
    return items(itemsOf(left) ?? [], itemsOf(right) ?? [], path, leniency);
  }
  const entries = (dictionary: typeof a): ReadonlyMap<string, PsValue> =>
    new Map(dictionary.entries.map(([key, value]) => [describeValue(key), value]));
  const [expected, got] = [entries(a), entries(b)];
  const keys = new Set([...expected.keys(), ...got.keys()]);
  return [...keys].flatMap((key) =>
    differencesOf(expected.get(key), got.get(key), `${path}[${key}]`, leniency),
  );
}

function items(
  left: readonly PsValue[],
  right: readonly PsValue[],
  path: string,
  leniency: Leniency,
): readonly Difference[] {
  if (left.length !== right.length) {
    return [{ path: `${path}.(count)`, expected: String(left.length), got: String(right.length) }];
  }
  return left.flatMap((item, index) => differencesOf(item, right[index], `${path}[${index}]`, leniency));
}
