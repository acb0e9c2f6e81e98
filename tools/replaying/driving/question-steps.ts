import { Failure } from '../../../src/core/failure.ts';
import { parseXmlDuration } from '../../../src/wire/wsman/xml-duration.ts';
import { nameUnder } from '../yaml-file.ts';
import { milliseconds } from '../../../src/core/time.ts';
import type { Difference } from '../difference.ts';
import type { Step } from '../drivers.ts';
import { splitExpectation, unlikeFailure } from '../expect/failures.ts';
import { unequal, unknownExpectation } from '../expect/finding.ts';
import { outcomeOf } from './stage.ts';
import type { Stage } from './stage.ts';

/** What is asked of a pool, and what the caller gets: a value, or the failure that says no. */
type Question = (step: Step, stage: Stage) => Promise<boolean | number>;

const refusal = 'pool.request-refused';

/** A step whose expectation is `result`: a number, a truth value, or words that tell of an error. */
function asking(question: Question): (step: Step, stage: Stage) => Promise<readonly Difference[]> {
  return async (step, stage) => {
    const outcome = await outcomeOf(question(step, stage));
    const { failing, others } = splitExpectation(step.expect);
    if (failing !== undefined) return unlikeFailure(failing, outcome);
    const { result, ...rest } = others;
    const unknown = Object.keys(rest).map((name) => unknownExpectation(name, ['result', 'fault']));
    if (!(outcome instanceof Failure))
      return [...unknown, ...unequal('result', result ?? outcome.value, outcome.value)];
    if (outcome.code === refusal) return [...unknown, ...unequal('result', result, false)];
    return [...unknown, { path: 'result', expected: JSON.stringify(result), got: outcome.message }];
  };
}

export const getAvailableRunspaces = asking((step, stage) => stage.pool(step).getAvailableRunspaces());

export const setMinRunspaces = asking(async (step, stage) => {
  await stage.pool(step).setMinRunspaces(Number(step.arguments['value']));
  return true;
});

export const setMaxRunspaces = asking(async (step, stage) => {
  await stage.pool(step).setMaxRunspaces(Number(step.arguments['value']));
  return true;
});

export const resetRunspaceState = asking((step, stage) => stage.pool(step).resetRunspaceState());

/** A server that holds its answer back longer than this has not given the key in time, in the recorded client's eyes. */
const keyTimeout = milliseconds(500);

/** Exchanges a session key; where the recording holds the answer back, the caller must be told in time. */
export async function exchangeKeys(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const isLate = stage.delaySeconds(step) > 0;
  const outcome = await outcomeOf(stage.pool(step).exchangeKeys(isLate ? { timeout: keyTimeout } : {}));
  const { failing, others } = splitExpectation(step.expect);
  if (failing !== undefined) return unlikeFailure(failing, outcome);
  const { sessionKeyHex, result, received: _words, ...rest } = others;
  const unknown = Object.keys(rest).map((name) => unknownExpectation(name, ['sessionKeyHex', 'result']));
  const failed = outcome instanceof Failure ? outcome : undefined;
  if (typeof result === 'string' && result.includes('timeout')) {
    await stage.host.covered(step.messages);
    return [...unknown, ...unequal('the failure', 'pool.key-timeout', failed?.code)];
  }
  if (failed !== undefined)
    return [...unknown, { path: 'the key', expected: 'a session key', got: failed.message }];
  return [
    ...unknown,
    ...unequal('sessionKeyHex', sessionKeyHex ?? stage.keys.sessionKey, stage.keys.sessionKey),
  ];
}

/** Asks whether the shell is still there. */
export async function isAlive(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const limit = parseXmlDuration(nameUnder(step.arguments, 'operationTimeout'));
  // A host that holds its answer back for longer than is asked for does not answer.
  const options =
    limit !== undefined && stage.delaySeconds(step) > 0 ? { signal: AbortSignal.timeout(limit) } : {};
  const outcome = await outcomeOf(stage.pool(step).isAlive(options));
  const { failing, others } = splitExpectation(step.expect);
  const { alive, state, cause: _words, shellConsideredClosed: _closed, ...rest } = others;
  const unknown = Object.keys(rest).map((name) => unknownExpectation(name, ['alive', 'state', 'fault']));
  // A shell that the host does not know is not alive, and neither is one that cannot be asked for.
  const expected = failing === undefined ? (alive ?? state === 'Connected') : false;
  return [
    ...unknown,
    ...unequal('alive', expected, !(outcome instanceof Failure) && outcome.value),
    ...(failing !== undefined && outcome instanceof Failure ? unlikeFailure(failing, outcome) : []),
  ];
}

/** The settings of the service. */
export async function getConfig(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const outcome = await outcomeOf(stage.clientOf(step).config());
  const { failing, others } = splitExpectation(step.expect);
  if (failing !== undefined || outcome instanceof Failure) return unlikeFailure(failing ?? {}, outcome);
  const { maxEnvelopeBytes } = outcome.value;
  return Object.entries(others).flatMap(([name, value]): readonly Difference[] => {
    if (name === 'maxEnvelopeSizeKb') return unequal(name, value, maxEnvelopeBytes / 1024);
    if (name === 'maxEnvelopeSizeBytes') return unequal(name, value, maxEnvelopeBytes);
    return [unknownExpectation(name, ['maxEnvelopeSizeKb', 'maxEnvelopeSizeBytes'])];
  });
}
