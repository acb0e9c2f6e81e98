import { createHash } from 'node:crypto';
import { isPsObject, itemsOf } from '../../../src/core/ps-value.ts';
import type { PsObject, PsValue } from '../../../src/core/ps-value.ts';
import type { Difference } from '../difference.ts';
import { asMapping, textUnder } from '../yaml-file.ts';
import type { Mapping } from '../yaml-file.ts';
import { describeValue, shorten } from './describe.ts';
import { samePrimitive } from './equal.ts';
import { formOf, primitiveOf } from './notation.ts';

/** Where a value that came is not what a notation describes; of an object only what is listed counts. */
export function unlike(notation: unknown, got: PsValue | undefined, path: string): readonly Difference[] {
  const differ = (expected: string): readonly Difference[] => [{ path, expected, got: describeValue(got) }];
  if (got === undefined) return differ(shorten(JSON.stringify(notation)));
  const form = formOf(notation);
  switch (form.kind) {
    case 'plain':
      return isPrimitive(form.value, got) ? [] : differ(describeValue(form.value));
    case 'prim': {
      const expected = primitiveOf(form.type, form.value);
      return !isPsObject(expected) && isPrimitive(expected, got) ? [] : differ(describeValue(expected));
    }
    case 'list':
      return unlikeList(form.items, itemsOf(got), path) ?? differ(`a list of ${form.items.length}`);
    case 'hashtable':
      return (
        unlikeDictionary(form.entries, got, path) ??
        differ(`a dictionary of ${Object.keys(form.entries).length}`)
      );
    case 'object':
      return isPsObject(got) ? unlikeObject(form.parts, got, path) : unlikeBare(form.parts, got, path);
    case 'secureString': {
      const text = bare(got);
      const isSame =
        typeof text === 'object' && text !== null && 'secret' in text && text.secret.reveal() === form.text;
      return isSame ? [] : differ(`a secure string ${JSON.stringify(form.text)}`);
    }
    case 'string':
      return unlikeText(form.facts, bare(got), path);
    case 'fromRequest':
      return differ('a text of the request, which no answer can be held against');
    default:
      form satisfies never;
      return [];
  }
}

/** A value without what is wrapped around it; a text with properties is still a text. */
function bare(value: PsValue): PsValue {
  return isPsObject(value) && value.base !== undefined ? bare(value.base) : value;
}

function isPrimitive(expected: Exclude<PsValue, PsObject>, got: PsValue): boolean {
  const value = bare(got);
  if (isPsObject(value)) return false;
  return (
    samePrimitive(expected, value) || (typeof expected === 'number' && expected === smallNumberOf(value))
  );
}

/** Plain numbers of a description stand for all types of numbers that are no wider than 32 bits. */
function smallNumberOf(value: PsValue): number | undefined {
  return typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'number'
    ? value.value
    : undefined;
}

function unlikeList(
  expected: readonly unknown[],
  got: readonly PsValue[] | undefined,
  path: string,
): readonly Difference[] | undefined {
  if (got?.length !== expected.length) return undefined;
  return expected.flatMap((item, index) => unlike(item, got[index], `${path}[${index}]`));
}

function unlikeDictionary(expected: Mapping, got: PsValue, path: string): readonly Difference[] | undefined {
  const container = isPsObject(got) ? got.container : undefined;
  const wanted = Object.entries(expected);
  if (container?.kind !== 'dictionary' || container.entries.length !== wanted.length) return undefined;
  const entries = new Map(container.entries.map(([key, value]) => [keyText(key), value]));
  return wanted.flatMap(([key, value]) => unlike(value, entries.get(key), `${path}[${key}]`));
}

function keyText(key: PsValue): string {
  const value = bare(key);
  return typeof value === 'string' ? value : describeValue(value);
}

/** An object that came as a bare value: a text that is described by its `ToString()`, or an enumeration's number. */
function unlikeBare(parts: Mapping, got: PsValue, path: string): readonly Difference[] {
  return parts['value'] === undefined
    ? [{ path, expected: `an object ${shorten(JSON.stringify(parts))}`, got: describeValue(got) }]
    : unlike(parts['value'], got, path);
}

function unlikeObject(parts: Mapping, got: PsObject, path: string): readonly Difference[] {
  const { typeName, value } = parts;
  const text = textUnder(parts, 'toString');
  const [type] = got.typeNames;
  const differences: Difference[] = [];
  if (typeof typeName === 'string' && type !== typeName && type !== `Deserialized.${typeName}`) {
    differences.push({ path: `${path}.(type)`, expected: typeName, got: type ?? 'none' });
  }
  if (text !== undefined && got.text !== text) {
    differences.push({
      path: `${path}.(text)`,
      expected: JSON.stringify(text),
      got: JSON.stringify(got.text),
    });
  }
  if (value !== undefined) differences.push(...unlike(value, got.base ?? got, `${path}.(value)`));
  for (const [name, members] of [
    ['adapted', got.adapted],
    ['extended', got.extended],
  ] as const) {
    for (const [key, expected] of Object.entries(asMapping(parts[name]) ?? {})) {
      differences.push(...unlike(expected, members.get(key), `${path}.${key}`));
    }
  }
  return differences;
}

function unlikeText(facts: Mapping, got: PsValue, path: string): readonly Difference[] {
  if (typeof got !== 'string') return [{ path, expected: 'a text', got: describeValue(got) }];
  const { utf16Length, sha256Utf8, startsWith } = facts;
  const found: readonly (readonly [name: string, expected: unknown, actual: string | number])[] = [
    ['length', utf16Length, got.length],
    ['start', startsWith, got.slice(0, typeof startsWith === 'string' ? startsWith.length : 0)],
    ['SHA-256', sha256Utf8, createHash('sha256').update(got, 'utf8').digest('hex')],
  ];
  return found.flatMap(([name, expected, actual]) =>
    expected === undefined || expected === actual
      ? []
      : [{ path: `${path}.(${name})`, expected: String(expected as string | number), got: String(actual) }],
  );
}
