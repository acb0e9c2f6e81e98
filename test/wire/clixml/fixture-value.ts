import type { PsObject, PsProgress, PsSecureString, PsTyped, PsValue } from '../../../src/core/ps-value.ts';
import { encodePrimitive } from '../../../src/wire/clixml/primitives.ts';

/** A value in the notation of the shared fixtures: `type` is the name of the CLIXML element. */
export type FixtureValue = Readonly<Record<string, unknown>>;

/** Describes a value as the fixtures do, without what they say twice. */
export function describeValue(value: PsValue, seen = new Set<PsObject>()): FixtureValue {
  if (typeof value === 'object' && value !== null && 'kind' in value) {
    if (value.kind === 'object') return describeObject(value, seen);
    if (value.kind === 'progress') return { type: 'PR', value: describeProgress(value) };
    if (value.kind === 'secureString') return { type: 'SS' };
  }
  return describePrimitive(value);
}

type Simple = Exclude<PsValue, PsObject | PsProgress | PsSecureString>;

function describePrimitive(value: Simple): FixtureValue {
  const { name: type, content } = encodePrimitive(value);
  if (value instanceof Uint8Array) return { type, base64: content };
  if (value === null || typeof value !== 'object') {
    const shown = typeof value === 'bigint' ? value.toString() : value;
    return { type, value: typeof shown === 'number' && !Number.isFinite(shown) ? content : shown };
  }
  return type === 'SS' ? { type, cipherBase64: content } : { type, value: plain(value) };
}

function plain(value: Exclude<PsTyped, PsProgress | PsSecureString>): unknown {
  if ('text' in value) return value.text;
  if (value.kind === 'char') return value.code;
  return typeof value.value === 'bigint' ? value.value.toString() : value.value;
}

function describeObject(value: PsObject, seen: Set<PsObject>): FixtureValue {
  if (seen.has(value)) return { type: 'Ref' };
  seen.add(value);
  const members = (map: ReadonlyMap<string, PsValue>): FixtureValue | undefined =>
    map.size === 0
      ? undefined
      : Object.fromEntries([...map].map(([name, member]) => [name, describeValue(member, seen)]));
  return {
    type: 'Obj',
    ...present('typeNames', value.typeNames.length > 0 ? value.typeNames : undefined),
    ...present('toString', value.text),
    ...present('base', value.base === undefined ? undefined : describeValue(value.base, seen)),
    ...describeContainer(value, seen),
    ...present('adapted', members(value.adapted)),
    ...present('extended', members(value.extended)),
  };
}

const containerNames = {
  list: 'LST',
  queue: 'QUE',
  stack: 'STK',
  enumerable: 'IE',
  dictionary: 'DCT',
} as const;

function describeContainer({ container }: PsObject, seen: Set<PsObject>): FixtureValue {
  if (container === undefined) return {};
  const name = { container: containerNames[container.kind] };
  if (container.kind !== 'dictionary') {
    return { ...name, items: container.items.map((item) => describeValue(item, seen)) };
  }
  return {
    ...name,
    entries: container.entries.map((entry) => entry.map((part) => describeValue(part, seen))),
  };
}

function describeProgress(record: PsProgress): FixtureValue {
  return {
    ...present('Activity', record.activity),
    ...present('ActivityId', record.activityId),
    ...present('CurrentOperation', record.currentOperation),
    ...present('ParentActivityId', record.parentActivityId),
    ...present('PercentComplete', record.percentComplete),
    ...present('RecordType', record.type),
    ...present('SecondsRemaining', record.secondsRemaining),
    ...present('StatusDescription', record.status),
  };
}

const present = (name: string, value: unknown): FixtureValue =>
  value === undefined ? {} : { [name]: value };
