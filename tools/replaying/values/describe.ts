import type { PsValue } from '../../../src/core/ps-value.ts';
import { encodePrimitive } from '../../../src/wire/clixml/primitives.ts';

const longest = 80;

/** A value in few words, for a difference that a person reads. */
export function describeValue(value: PsValue | undefined): string {
  return shorten(describe(value, 0));
}

export function shorten(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters)`;
}

function describe(value: PsValue | undefined, depth: number): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value instanceof Uint8Array) return primitive(value);
  if (value.kind === 'progress') return `progress ${value.activity ?? ''}`;
  if (value.kind === 'secureString') return `secure string ${JSON.stringify(value.secret.reveal())}`;
  if (value.kind !== 'object') return primitive(value);
  if (depth > 3) return '…';
  const name = value.typeNames[0] ?? 'object';
  if (value.base !== undefined) return `${name} ${describe(value.base, depth + 1)}`;
  const { container } = value;
  if (container === undefined)
    return `${name} {${[...value.adapted.keys(), ...value.extended.keys()].join(', ')}}`;
  if (container.kind !== 'dictionary') {
    return `[${container.items.map((item) => describe(item, depth + 1)).join(', ')}]`;
  }
  const entries = container.entries.map(
    ([key, item]) => `${describe(key, depth + 1)}: ${describe(item, depth + 1)}`,
  );
  return `{${entries.join(', ')}}`;
}

function primitive(value: Parameters<typeof encodePrimitive>[0]): string {
  const { name, content } = encodePrimitive(value);
  return `${name} ${content}`;
}
