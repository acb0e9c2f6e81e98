import { Failure } from '../../../src/core/failure.ts';
import type { InvocationDetail } from '../../../src/wire/psrp/create-pipeline.ts';
import type { PipelineInputs, PipelineOptions } from '../../../src/remote/api/pipeline-options.ts';
import type { Difference } from '../difference.ts';
import type { Step } from '../drivers.ts';
import { unlikeFault } from '../expect/faults.ts';
import { unequal } from '../expect/finding.ts';
import { listOf, unlikePipeline } from '../expect/pipeline.ts';
import { signalCodes } from '../../../src/wire/wsman/signal.ts';
import { NotationProblem } from '../values/notation.ts';
import { nameUnder } from '../yaml-file.ts';
import type { Mapping } from '../yaml-file.ts';
import { hostInfoOf } from './host-option.ts';
import { readPipeline } from './pipelines.ts';
import type { RunningPipeline } from './pipelines.ts';
import { under } from './stage.ts';
import type { Stage } from './stage.ts';
import { runnableOf, valuesIn } from './statements.ts';

const known: ReadonlySet<string> = new Set([
  ...['shell', 'pipeline', 'statements', 'addToHistory', 'noInput', 'input', 'endOfInput', 'nested', 'host'],
  ...['remoteStreamOptions', 'createPipelineFragments', 'history', 'redirectErrors', 'apartmentState'],
]);

/** Runs one pipeline: to its end, where the recording has it within the step. */
export async function invoke(step: Step, stage: Stage): Promise<readonly Difference[]> {
  stage.script.expect(listOf(step.expect?.['hostCalls']));
  const running = startPipeline(step, stage);
  stage.pipelines.set(nameUnder(step.arguments, 'pipeline'), running);
  if (!stage.endsIn(step)) {
    await stage.host.covered(step.messages);
    return [];
  }
  return unlikeEnd(step, stage, running);
}

/** Takes up a pipeline that the pool was left with, and reads it to its end. */
export async function connectPipeline(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const label = nameUnder(step.arguments, 'pipeline');
  const left = under(stage.pipelines, label, 'pipeline');
  stage.script.expect(listOf(step.expect?.['hostCalls']));
  const commandId = left.pipeline.commandId;
  if (commandId === undefined) throw new NotationProblem(`pipeline ${label} never began`);
  const earlierCalls = stage.script.calls.length;
  const running = readPipeline(stage.pool(step).connectPipeline(commandId), earlierCalls);
  stage.pipelines.set(label, running);
  return unlikeEnd(step, stage, running);
}

/** Reads on what was begun in an earlier step. */
export async function receiveOfPipeline(
  step: Step,
  stage: Stage,
  running: RunningPipeline,
): Promise<readonly Difference[]> {
  if (stage.endsIn(step)) return unlikeEnd(step, stage, running);
  await stage.host.covered(step.messages);
  return [];
}

/** Stops a pipeline; Terminate, which frees one that has ended, is what the client says by itself. */
export async function signalPipeline(
  step: Step,
  stage: Stage,
  { pipeline, ended }: RunningPipeline,
): Promise<readonly Difference[]> {
  if (step.arguments['code'] === signalCodes.terminate) return [];
  await pipeline.stop();
  const outcome = await ended;
  const { state } = step.expect ?? {};
  if (state === undefined) return [];
  return unequal('state', state, outcome instanceof Failure ? outcome.message : outcome.state);
}

function startPipeline(step: Step, stage: Stage): RunningPipeline {
  stage.notes.unknownKeys(step.arguments, known, step.verb);
  const what = runnableOf(step.arguments['statements'], stage.recordedPipeline(step), stage.notes);
  const input = inputOf(step.arguments);
  const earlierCalls = stage.script.calls.length;
  const pipeline = stage.pool(step).start(what, { ...optionsOf(step.arguments, stage), input });
  return readPipeline(pipeline, earlierCalls);
}

function optionsOf(described: Mapping, stage: Stage): PipelineOptions {
  const { addToHistory, nested, history, redirectErrors, remoteStreamOptions, host, apartmentState } =
    described;
  const asked = host === undefined ? undefined : hostInfoOf(host);
  return {
    invocationDetail: detailOf(remoteStreamOptions),
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
  const detail = details[Number(remoteStreamOptions ?? 0)];
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

async function unlikeEnd(step: Step, stage: Stage, running: RunningPipeline): Promise<readonly Difference[]> {
  const { fault, ...expected } = step.expect ?? {};
  const ended = await running.ended;
  if (fault !== undefined) return unlikeFault(fault, ended instanceof Failure ? ended : undefined);
  if (ended instanceof Failure) return [{ path: 'the pipeline', expected: 'an end', got: ended.message }];
  return unlikePipeline(expected, {
    ...ended,
    hostCalls: stage.script.calls.slice(running.earlierCalls),
    delivered: stage.delivered(step, 'command'),
  });
}
