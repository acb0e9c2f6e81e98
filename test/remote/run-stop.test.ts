import { expect, test } from 'vitest';
import { milliseconds, seconds } from '../../src/core/time.ts';
import { RunStop } from '../../src/remote/run-stop.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

interface Seen {
  readonly timers: VirtualTimers;
  readonly stop: RunStop;
  readonly steps: readonly string[];
  readonly signals: readonly AbortSignal[];
}

function begin(): Seen {
  const timers = new VirtualTimers();
  const steps: string[] = [];
  const signals: AbortSignal[] = [];
  const said = (step: string) => (signal: AbortSignal) => {
    steps.push(step);
    signals.push(signal);
    return Promise.resolve();
  };
  const stop = new RunStop(timers, {
    ...{ ask: said('ask'), terminate: said('terminate') },
    giveUp: () => steps.push('give up'),
    deleteShell: () => steps.push('delete shell'),
  });
  return { timers, stop, steps, signals };
}

test('it asks, terminates and gives up, each after a grace', async () => {
  const { timers, stop, steps, signals } = begin();
  stop.started();
  expect(stop.isAsked).toBe(false);

  stop.demand();
  expect(steps).toEqual(['ask']);
  await timers.advance(seconds(5));
  expect(steps).toEqual(['ask', 'terminate']);
  expect(stop.isTerminated).toBe(true);
  await timers.advance(seconds(2));

  expect(steps).toEqual(['ask', 'terminate', 'give up']);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  expect(timers.pending).toBe(0);
});

test('each demand goes one step further, and the third deletes the shell', () => {
  const { stop, steps } = begin();
  stop.started();

  stop.demand();
  stop.demand();
  stop.demand();
  stop.demand();

  expect(steps).toEqual(['ask', 'terminate', 'delete shell', 'give up']);
});

test('what the host does not know yet is asked to stop as soon as it does', () => {
  const { stop, steps } = begin();

  stop.demand();
  expect(steps).toEqual([]);
  stop.started();

  expect(steps).toEqual(['ask']);
});

test('what the host never came to know is given up without a word', async () => {
  const { timers, stop, steps } = begin();

  stop.demand();
  await timers.advance(seconds(5));

  expect(steps).toEqual(['give up']);
  expect(stop.isTerminated).toBe(false);
});

test('in a hurry it asks, and gives up after the grace that was set', async () => {
  const { timers, stop, steps } = begin();
  stop.started();

  stop.hurry(milliseconds(750));
  stop.hurry(milliseconds(1));
  await timers.advance(milliseconds(750));

  expect(steps).toEqual(['ask', 'give up']);
});

test('once it has ended nothing more is said', async () => {
  const { timers, stop, steps, signals } = begin();
  stop.started();
  stop.demand();

  stop.end();
  await timers.advance(seconds(60));
  stop.demand();

  expect(steps).toEqual(['ask']);
  expect(signals[0]?.aborted).toBe(true);
});
