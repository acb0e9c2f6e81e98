import { Failure } from '../../../src/core/failure.ts';
import type { CreatePipeline, InvocationDetail } from '../../../src/wire/psrp/create-pipeline.ts';
import type { PipelineInputs, PipelineOptions } from '../../../src/remote/api/pipeline-options.ts';
import type { Difference } from '../difference.ts';
import type { Step } from '../drivers.ts';
import { splitExpectation, unlikeFailure } from '../expect/failures.ts';
import { listOf, unlikePipeline } from '../expect/pipeline.ts';
import { signalCodes } from '../../../src/wire/wsman/signal.ts';
import { NotationProblem } from '../values/notation.ts';
import { nameUnder } from '../yaml-file.ts';
import type { Mapping } from '../yaml-file.ts';
import { hostInfoOf } from './host-option.ts';
import { eventually } from './eventually.ts';
import { RunningPipeline } from './pipelines.ts';
import type { PipelineOutcome } from './pipelines.ts';
import type { Stage } from './stage.ts';
import { runnableOf, valuesIn } from './statements.ts';

const known: ReadonlySet<string> = new Set([
  ...['shell', 'pipeline', 'statements', 'addToHistory', 'noInput', 'input', 'endOfInput', 'nested', 'host'],
  ...['remoteStreamOptions', 'createPipelineFragments', 'history', 'redirectErrors', 'apartmentState'],
]);

/** Runs one pipeline: to its end, where the recording has it within the step. */
export async function invoke(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const earlierCalls = beginCalls(step, stage);
  const running = startPipeline(step, stage);
  stage.pipelines.set(nameUnder(step.arguments, 'pipeline'), running);
  return unlikePart(step, stage, running, earlierCalls);
}

/** Takes up a pipeline that the pool was left with, and reads it to its end. */
export async function connectPipeline(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const label = nameUnder(step.arguments, 'pipeline');
  const earlierCalls = beginCalls(step, stage);
  const running = new RunningPipeline(stage.pool(step).connectPipeline(stage.leftCommandId(step, label)));
  stage.pipelines.set(label, running);
  return unlikePart(step, stage, running, earlierCalls);
}

/** Reads on what was begun in an earlier step. */
export function receiveOfPipeline(
  step: Step,
  stage: Stage,
  running: RunningPipeline,
): Promise<readonly Difference[]> {
  return unlikePart(step, stage, running, beginCalls(step, stage));
}

/** Learns what the host is to answer in a step. @returns How many calls there were before. */
function beginCalls(step: Step, stage: Stage): number {
  stage.script.expect(listOf(step.expect?.['hostCalls']));
  return stage.script.calls.length;
}

/** Stops a pipeline; Terminate, which frees one that has ended, is what the client says by itself. */
export async function signalPipeline(
  step: Step,
  stage: Stage,
  running: RunningPipeline,
): Promise<readonly Difference[]> {
  const outcome = running.peek();
  const isEnded = outcome instanceof Failure || outcome.state !== 'Running';
  const isTerminated = step.arguments['code'] === signalCodes.terminate;
  if (isTerminated && isEnded) return [];
  const stopped = running.pipeline.stop();
  // Asked a second time it is not asked any more.
  if (isTerminated) void running.pipeline.stop();
  await stage.host.covered(step.messages);
  // Its end may be read in a later step.
  if (stage.isReadAfter(step)) return [];
  await stopped;
  return step.expect === undefined
    ? []
    : unlikeOutcome(step, stage, running.take(), stage.script.calls.length);
}

function startPipeline(step: Step, stage: Stage): RunningPipeline {
  stage.notes.unknownKeys(step.arguments, known, step.verb);
  const recorded = stage.recordedPipeline(step);
  const what = runnableOf(step.arguments['statements'], recorded, stage.notes);
  const input = inputOf(step.arguments);
  return new RunningPipeline(
    stage.pool(step).start(what, { ...unsaid(recorded), ...optionsOf(step.arguments, stage), input }),
  );
}

/** What descriptions say nothing of is as it was recorded. */
function unsaid(recorded: CreatePipeline | undefined): PipelineOptions {
  if (recorded === undefined) return {};
  const { history, redirectErrors, apartmentState, isNested, addToHistory, invocationDetail } = recorded;
  return {
    ...{ redirectErrors, apartmentState, addToHistory, invocationDetail, nested: isNested },
    ...(history === undefined ? {} : { history }),
  };
}

function optionsOf(described: Mapping, stage: Stage): PipelineOptions {
  const { addToHistory, nested, history, redirectErrors, remoteStreamOptions, host, apartmentState } =
    described;
  const asked = host === undefined ? undefined : hostInfoOf(host);
  return {
    ...(remoteStreamOptions === undefined ? {} : { invocationDetail: detailOf(remoteStreamOptions) }),
    ...(typeof addToHistory === 'boolean' ? { addToHistory } : {}),
    ...(typeof nested === 'boolean' ? { nested } : {}),
    ...(typeof history === 'string' ? { history } : {}),
    ...(typeof redirectErrors === 'boolean' ? { redirectErrors } : {}),
    ...(apartmentState === 'sta' || apartmentState === 'mta' ? { apartmentState } : {}),
    ...(asked === undefined ? {} : { host: stage.hostOption(asked) }),
  };
}

const details: Readonly<Record<number, InvocationDetail>> = { 0: 'none', 1: 'errors', 15: 'all' };

function detailOf(remoteStreamOptions: unknown): InvocationDetail {
  const detail = details[Number(remoteStreamOptions)];
  if (detail !== undefined) return detail;
  throw new NotationProblem(`remoteStreamOptions ${JSON.stringify(remoteStreamOptions)} cannot be asked for`);
}

/** Input that ends as the description says; without any the server is told that none will come. */
function inputOf({ input, noInput, endOfInput }: Mapping): PipelineInputs | boolean {
  if (input === undefined) return noInput === false;
  const values = valuesIn(input);
  return endOfInput === false ? neverEnding(values) : values;
}

async function* neverEnding<T>(values: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* values;
  await new Promise<never>(() => undefined);
}

/** Holds what a pipeline did within a step against what is expected: its end, where the recording has it there. */
async function unlikePart(
  step: Step,
  stage: Stage,
  running: RunningPipeline,
  earlierCalls: number,
): Promise<readonly Difference[]> {
  if (stage.endsIn(step)) await running.ended;
  else await stage.host.covered(step.messages);
  const differences = await eventually(() => unlikeOutcome(step, stage, running.peek(), earlierCalls));
  running.take();
  return differences;
}

function unlikeOutcome(
  step: Step,
  stage: Stage,
  outcome: PipelineOutcome | Failure,
  earlierCalls: number,
): readonly Difference[] {
  const { failing, others } = splitExpectation(step.expect);
  if (failing !== undefined) return unlikeFailure(failing, outcome);
  if (outcome instanceof Failure) return [{ path: 'the pipeline', expected: 'an end', got: outcome.message }];
  return unlikePipeline(others, {
    ...outcome,
    hostCalls: stage.script.calls.slice(earlierCalls),
    delivered: stage.delivered(step, 'command'),
  });
}
