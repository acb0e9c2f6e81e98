import type { CommandMerges } from '../../wire/psrp/command-merges.ts';
import type { PsCommand, PsParameter } from '../../wire/psrp/command.ts';
import type { InvocationDetail, Statement } from '../../wire/psrp/create-pipeline.ts';
import type { ApartmentState } from '../../wire/psrp/thread-options.ts';
import type { PipelineRequest } from '../pipeline-request.ts';
import { hostOf } from './host.ts';
import type { HostOption } from './host.ts';
import { toPsValue } from './plain-value.ts';
import type { PlainObject, PlainValue } from './plain-value.ts';
import { optionalDuration } from './time-span.ts';
import type { TimeSpan } from './time-span.ts';

/** One step of a pipeline: a script, or a command by its name, which is all that JEA endpoints take. */
export type PipelineStep = string | ScriptStep | CommandStep;

export interface StepArguments {
  /** By name; a switch is `true`. */
  readonly parameters?: PlainObject;
  /** By position. */
  readonly arguments?: readonly PlainValue[];
  /** Streams that join another. */
  readonly merge?: CommandMerges;
  /** Runs in a scope of its own; otherwise variables of a script stay in the runspace. */
  readonly useLocalScope?: boolean;
}

export interface ScriptStep extends StepArguments {
  readonly script: string;
}

export interface CommandStep extends StepArguments {
  readonly command: string;
}

/**
 * What a pipeline runs: one step, steps that each take the output of the one before, or statements that run one after
 * another.
 */
export type Runnable =
  | PipelineStep
  | readonly PipelineStep[]
  | { readonly statements: readonly (PipelineStep | readonly PipelineStep[])[] };

/** Objects for a pipeline's input; what comes from an async iterable is sent as it comes. */
export type PipelineInputs = Iterable<PlainValue> | AsyncIterable<PlainValue>;

export interface PipelineOptions {
  /** Parameters of the first step, by name. */
  readonly parameters?: PlainObject;
  /** Arguments of the first step, by position. */
  readonly arguments?: readonly PlainValue[];
  /** Objects that the first step gets as pipeline input. */
  readonly input?: PipelineInputs;
  /** Stops the pipeline on the host: asked, then terminated, then given up. */
  readonly signal?: AbortSignal;
  readonly timeouts?: PipelineTimeouts;
  /** Bytes of output, as they travel, after which the pipeline is stopped with `pipeline.output-limit`. */
  readonly maxOutputBytes?: number;
  readonly addToHistory?: boolean;
  /** What `Get-History` shows in place of the commands. */
  readonly history?: string;
  /** Which records tell their place in the script; `errors` unless given. */
  readonly invocationDetail?: InvocationDetail;
  /** Runs inside the pipeline that runs now and sees its variables. */
  readonly nested?: boolean;
  /** Answers the host calls of this pipeline; the pool's host unless given. */
  readonly host?: HostOption;
  readonly apartmentState?: ApartmentState;
  readonly redirectErrors?: boolean;
  /** Gives each output value as the CLIXML text that came, undecoded: for bulk that is read elsewhere. */
  readonly rawOutput?: boolean;
}

/** None unless given. */
export interface PipelineTimeouts {
  /** From the call to the end, waiting for a runspace included. */
  readonly total?: TimeSpan;
  /** Longest silence while the host is asked for output. */
  readonly inactivity?: TimeSpan;
}

/** What the pool is to run. @throws TypeError for values that cannot be sent. */
export function requestOf(what: Runnable, options: PipelineOptions, takesInput: boolean): PipelineRequest {
  const statements = statementsOf(what, options);
  const { maxOutputBytes, addToHistory, history, invocationDetail, nested, host } = options;
  const { apartmentState, redirectErrors, rawOutput } = options;
  const own = host === undefined ? undefined : hostOf(host);
  const settings = {
    noInput: !takesInput,
    ...(addToHistory === undefined ? {} : { addToHistory }),
    ...(history === undefined ? {} : { history }),
    ...(invocationDetail === undefined ? {} : { invocationDetail }),
    ...(nested === undefined ? {} : { isNested: nested }),
    ...(own === undefined ? {} : { host: own.host }),
    ...(apartmentState === undefined ? {} : { apartmentState }),
    ...(redirectErrors === undefined ? {} : { redirectErrors }),
    ...(rawOutput === undefined ? {} : { rawOutput }),
  };
  return {
    create: (psrp, id) => psrp.createPipeline({ id, statements, ...settings }),
    ...(own?.answers === undefined ? {} : { answers: own.answers }),
    ...boundsOf(options.timeouts, maxOutputBytes),
  };
}

/** The bounds of any pipeline. */
export function boundsOf(
  timeouts: PipelineTimeouts | undefined,
  maxOutputBytes?: number,
): Pick<PipelineRequest, 'timeouts' | 'maxOutputBytes'> {
  const total = optionalDuration(timeouts?.total);
  const inactivity = optionalDuration(timeouts?.inactivity);
  return {
    timeouts: {
      ...(total === undefined ? {} : { total }),
      ...(inactivity === undefined ? {} : { inactivity }),
    },
    ...(maxOutputBytes === undefined ? {} : { maxOutputBytes }),
  };
}

function statementsOf(what: Runnable, options: PipelineOptions): readonly [Statement, ...Statement[]] {
  const isSeveral = typeof what === 'object' && 'statements' in what;
  const [first = [], ...rest] = (isSeveral ? what.statements : [what]).map(stepsOf);
  const [head, ...others] = first;
  if (head === undefined) throw new TypeError('there is nothing to run');
  const parameters = [...head.parameters, ...parametersOf(options)];
  return [[{ ...head, parameters }, ...others], ...rest];
}

function stepsOf(statement: PipelineStep | readonly PipelineStep[]): Statement {
  const isOne = typeof statement === 'string' || !isList(statement);
  return (isOne ? [statement] : statement).map(commandOf);
}

function isList(value: PipelineStep | readonly PipelineStep[]): value is readonly PipelineStep[] {
  return Array.isArray(value);
}

function commandOf(step: PipelineStep): PsCommand {
  if (typeof step === 'string') return { text: step, isScript: true, parameters: [] };
  const { merge, useLocalScope } = step;
  const [text, isScript] = 'command' in step ? [step.command, false] : [step.script, true];
  return {
    ...{ text, isScript, parameters: parametersOf(step) },
    ...(merge === undefined ? {} : { merge }),
    ...(useLocalScope === undefined ? {} : { useLocalScope }),
  };
}

function parametersOf({
  parameters = {},
  arguments: positional = [],
}: StepArguments): readonly PsParameter[] {
  const named = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return [
    ...named.map(([name, value]) => ({ name, value: toPsValue(value) })),
    ...positional.map((value) => ({ value: toPsValue(value) })),
  ];
}
