import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import { decodeClixml, decodeClixmlStream } from '../../../src/wire/clixml/decode.ts';
import { encodeClixml } from '../../../src/wire/clixml/encode.ts';
import { escapeText, unescapeText } from '../../../src/wire/clixml/escape.ts';
import { isMissing, sharedPath } from '../../support/shared.ts';
import { describeValue } from './fixture-value.ts';
import type { FixtureValue } from './fixture-value.ts';

interface Fixtures {
  readonly escapes: readonly {
    name: string;
    text: string | null;
    encoded: string | null;
    direction: string;
  }[];
  readonly pairs: readonly {
    name: string;
    xml: string;
    direction: string;
    value?: FixtureValue;
    error?: string;
  }[];
  readonly streams: readonly {
    name: string;
    input: string;
    errorText?: string;
    objects?: number;
    items?: readonly { stream: string; value: FixtureValue }[];
  }[];
}

const path = 'fixtures/clixml.json';

describe.skipIf(isMissing(path))('CLIXML that other implementations and PowerShell wrote', () => {
  const fixtures = isMissing(path)
    ? { escapes: [], pairs: [], streams: [] }
    : (JSON.parse(readFileSync(sharedPath(path), 'utf8')) as Fixtures);

  test('escapes are read, and written the same way', () => {
    for (const { name, text, encoded, direction } of fixtures.escapes) {
      if (text === null || encoded === null) continue;
      expect.soft(unescapeText(encoded), name).toBe(text);
      if (direction !== 'read') expect.soft(escapeText(text), name).toBe(encoded);
    }
  });

  test('values are read as they are meant', () => {
    for (const { name, xml, value } of fixtures.pairs) {
      const decoded = decodeClixml(xml);
      if (value === undefined)
        expect.soft(decoded, name).toMatchObject({ error: { code: 'clixml.malformed' } });
      else expect.soft(describeValue(unwrap(decoded)), name).toEqual(normalise(value));
    }
    expect(fixtures.pairs.length).toBeGreaterThan(150);
  });

  test('values that are written are the same when they are read again', () => {
    for (const { name, xml, value } of fixtures.pairs) {
      if (value === undefined) continue;
      const written = unwrap(encodeClixml(unwrap(decodeClixml(xml))));
      expect.soft(describeValue(unwrap(decodeClixml(written))), name).toEqual(normalise(value));
    }
  });

  test('what PowerShell writes to standard error is told apart by stream', () => {
    for (const { name, input, errorText, objects, items } of fixtures.streams) {
      const decoded = unwrap(decodeClixmlStream(input));
      if (decoded === undefined) {
        expect.soft(input, name).toBe(errorText);
        continue;
      }
      if (objects !== undefined) expect.soft(decoded.length, name).toBe(objects);
      if (items !== undefined) {
        const described = decoded.map(({ stream, value }) => ({ stream, value: describeValue(value) }));
        expect
          .soft(described, name)
          .toEqual(items.map((item) => ({ ...item, value: normalise(item.value) })));
      }
      if (errorText !== undefined) {
        const errors = decoded
          .filter(({ stream }) => stream.toLowerCase() === 'error')
          .map(({ value }) => textOf(value));
        expect.soft(errors.join(''), name).toBe(errorText);
      }
    }
  });
});

const saidTwice = ['refId', 'char', 'hex', 'ticks', 'kind', 'offsetMinutes', 'note'];

/** Drops what the notation says twice, what is no part of the value, and second base values, which pypsrp alone has. */
function normalise(value: FixtureValue): unknown {
  const simplify = (key: string, member: unknown): unknown => {
    if (saidTwice.includes(key)) return undefined;
    if (key === 'extended' && Object.keys(member as object).length === 0) return undefined;
    if (key === 'base' && Array.isArray(member)) return member[0] as unknown;
    const isProgress = typeof member === 'object' && member !== null && 'Activity' in member;
    if (!isProgress) return member;
    return Object.fromEntries(Object.entries(member).filter(([, part]) => part !== null));
  };
  return JSON.parse(JSON.stringify(value, simplify)) as unknown;
}
