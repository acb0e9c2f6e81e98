import { expect, test } from 'vitest';
import type { Explored } from '../../tools/fuzzing/explore.ts';
import { shrink } from '../../tools/fuzzing/shrink.ts';
import { fuzz } from '../../tools/fuzzing/supervise.ts';
import type { FuzzOptions } from '../../tools/fuzzing/supervise.ts';
import { fuzzTargets } from '../../tools/fuzzing/targets.ts';

const planted = new URL('./fuzzing/planted.ts', import.meta.url).href;

/** Explores decoders with planted defects. */
async function explorePlanted(targets: string[], options: FuzzOptions = {}): Promise<readonly Explored[]> {
  return fuzz({ targets, module: planted, seed: '1', seconds: 10, runs: 4000 }, options);
}

const text = (input: Uint8Array | undefined): string => Buffer.from(input ?? []).toString('latin1');

test('a decoder that throws is found, with an input that has little more than what it takes', async () => {
  const [explored] = await explorePlanted(['throws']);

  expect(explored?.findings).toHaveLength(1);
  expect(explored?.findings[0]).toMatchObject({ kind: 'throw', what: expect.stringContaining('RangeError') });
  expect(text(explored?.findings[0]?.input)).toMatch(/^<a n="\d{4}">$/);
});

test('a decoder that fails without a typed failure is found', async () => {
  const [explored] = await explorePlanted(['untyped']);

  expect(explored?.findings[0]).toMatchObject({ kind: 'throw', what: expect.stringContaining('not typed') });
});

test('a decoder that never returns ends the thread, and the next one is explored', async () => {
  const [hung, sound] = await explorePlanted(['hangs', 'sound'], { stallMs: 1000 });

  expect(hung?.findings[0]).toMatchObject({ kind: 'hang' });
  expect(text(hung?.findings[0]?.input)).toMatch(/^<b/);
  expect(sound).toMatchObject({ target: 'sound', findings: [] });
  expect(sound?.runs).toBeGreaterThan(1000);
});

test('a decoder that fills the memory is found', async () => {
  const [explored] = await explorePlanted(['grows'], { maxHeapMb: 64 });

  expect(explored?.findings[0]).toMatchObject({ kind: 'memory' });
  expect(text(explored?.findings[0]?.input)).toMatch(/b>$/);
});

test('a decoder that takes too long is found', async () => {
  const [explored] = await explorePlanted(['is slow']);

  expect(explored?.findings.map(({ kind }) => kind)).toContain('slow');
});

test('an input is made smaller as long as the same happens', () => {
  const noisy = Buffer.from(`${'x'.repeat(500)}needle${'y'.repeat(300)}`);

  const small = shrink(noisy, (candidate) => text(candidate).includes('needle'));

  expect(text(small)).toBe('needle');
});

test('every decoder of the wire bears its own seeds and a few hundred changes', async () => {
  const targets = fuzzTargets.map(({ name }) => name);

  const explored = await fuzz({ targets, seed: 'gate', seconds: 5, runs: 300 });

  expect(explored.flatMap(({ findings }) => findings)).toEqual([]);
  expect(explored.filter(({ corpus, reached }) => corpus === 0 || reached === 0)).toEqual([]);
}, 120_000);
