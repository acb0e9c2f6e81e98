import { describe, expect, test } from 'vitest';
import { failureCodes } from '../../src/core/failure-codes.ts';
import { failure } from '../../src/core/failure.ts';
import { issueWritePermit } from '../../src/core/issue-write-permit.ts';
import { canonicalJson } from '../../src/core/json.ts';
import { limiter } from '../../src/core/limiter.ts';
import { nearMatch } from '../../src/core/near-match.ts';
import { err, ok, unwrap } from '../../src/core/result.ts';
import { framedScriptName, frameScript } from '../../src/core/script-frame.ts';
import {
  formatDuration,
  formatInstant,
  milliseconds,
  parseDuration,
  parseInstant,
} from '../../src/core/time.ts';
import { WritePermit } from '../../src/core/write-permit.ts';

describe('instants and durations', () => {
  test.each([
    ['2026-11-23T21:00:00Z', '2026-11-23T21:00:00Z'],
    ['2026-11-23T22:00:00.123456789+01:00', '2026-11-23T21:00:00Z'],
    ['2026-11-23T16:00-0500', '2026-11-23T21:00:00Z'],
  ])('%s is read as %s', (text, expected) => {
    const at = parseInstant(text);

    expect(at === undefined ? undefined : formatInstant(at)).toBe(expected);
  });

  test.each(['2026-13-01T00:00:00Z', '2026-11-23', '2026-11-23T21:00:00', 'now'])(
    '%s is no instant',
    (text) => {
      expect(parseInstant(text)).toBeUndefined();
    },
  );

  test.each([
    ['30d', 2_592_000_000, '30d'],
    ['1h30m', 5_400_000, '1h30m'],
    ['PT20M', 1_200_000, '20m'],
    ['P1W', 604_800_000, '7d'],
    ['0s', 0, '0s'],
  ])('%s is %d ms, and is written as %s', (text, length, written) => {
    const parsed = parseDuration(text);

    expect(parsed).toBe(length);
    expect(parsed === undefined ? '' : formatDuration(parsed)).toBe(written);
  });

  test.each(['', 'P', '5', '10 m', 'm', '-1h'])('%j is no duration', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

test('less than a second is written in milliseconds, for people', () => {
  expect(formatDuration(milliseconds(250))).toBe('250ms');
});

describe('a near match', () => {
  test.each([
    ['dcc', ['dc', 'web'], 'dc'],
    ['nihgts', ['nights', 'weekend'], 'nights'],
    ['NIGHTS', ['nights'], 'nights'],
    ['smb1-servr', ['smb1-feature', 'smb1-server'], 'smb1-server'],
    ['x', ['nights'], undefined],
    ['', ['nights'], undefined],
    ['ab', ['ba'], 'ba'],
  ])('of %j among %j is %j', (name, candidates, expected) => {
    expect(nearMatch(name, candidates)).toBe(expected);
  });
});

test('canonical JSON has sorted keys, no undefined members, and refuses what JSON cannot carry', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true, gone: undefined })).toBe(
    '{"a":true,"b":[1,{"c":"x","d":null}]}',
  );
  expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError);
});

test('a framed script gives its name back, and another text gives none', () => {
  const framed = frameScript({ kind: 'read', name: 'survey/facts', text: '1' });

  expect(framedScriptName(framed)).toBe('survey/facts');
  expect(framedScriptName('#countersign lonely')).toBe('lonely');
  expect(framedScriptName('Get-Process')).toBeUndefined();
  expect(frameScript({ kind: 'write', name: 'x', text: '' })).toContain('$ValidUntil');
});

test('a write permit cannot be made by hand, nor passed off', () => {
  const Forged = WritePermit as unknown as new (key: symbol, host: string, intent: string) => WritePermit;

  expect(WritePermit.isGenuine(issueWritePermit('a', 'i'))).toBe(true);
  expect(() => new Forged(Symbol('write permit'), 'a', 'i')).toThrow(TypeError);
  expect(WritePermit.isGenuine({ host: 'a', intent: 'i' })).toBe(false);
  expect(WritePermit.isGenuine(null)).toBe(false);
});

test('every failure says something with and without its details, and never shows an object', () => {
  const details = { found: ['a.yml', 'b.yml'], near: 'dc', lab: true, status: 503, hint: 'do this' };

  for (const code of Object.keys(failureCodes) as (keyof typeof failureCodes)[]) {
    for (const given of [{}, details, { lab: false, found: ['a.yml'] }]) {
      const it = failure(code, given);
      expect(it.message, code).not.toMatch(/\[object|undefined/);
      expect(it.hint ?? 'none', code).not.toMatch(/\[object|undefined/);
    }
  }
});

test('results give their value or throw their failure', () => {
  expect(unwrap(ok(1))).toBe(1);
  expect(() => unwrap(err(failure('net.aborted')))).toThrow('stopped here');
});

test('a limiter keeps the order of results and its limit', async () => {
  let running = 0;
  let most = 0;

  const results = await limiter([3, 1, 2], 2, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    return item * 10;
  });

  expect(results).toEqual([30, 10, 20]);
  expect(most).toBe(2);
});
