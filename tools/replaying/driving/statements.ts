import type { PsValue } from '../../../src/core/ps-value.ts';
import type { PipelineStep, Runnable, StepArguments } from '../../../src/remote/api/pipeline-options.ts';
import type { PsCommand } from '../../../src/wire/psrp/command.ts';
import type { CommandMerges, MergeTarget } from '../../../src/wire/psrp/command-merges.ts';
import type { CreatePipeline } from '../../../src/wire/psrp/create-pipeline.ts';
import { NotationProblem, textIn, valueOf } from '../values/notation.ts';
import { asMapping } from '../yaml-file.ts';
import type { Notes } from './notes.ts';
import type { Mapping } from '../yaml-file.ts';

const commandKeys: ReadonlySet<string> = new Set(['script', 'cmdlet', 'args', 'merge', 'useLocalScope']);
const argumentKeys: ReadonlySet<string> = new Set(['name', 'value']);

/**
 * What an `invoke` runs, as the API takes it.
 *
 * @param recorded - The pipeline as it was created then: `$fromRequest` looks there, and so does what is not said here.
 */
export function runnableOf(described: unknown, recorded: CreatePipeline | undefined, notes: Notes): Runnable {
  const statements = listIn(described).map((statement, at) => {
    if (!Array.isArray(statement)) throw new NotationProblem(`statement ${at} is no list of commands`);
    return statement.map((command: unknown, index) =>
      stepOf(asMapping(command) ?? {}, recorded?.statements[at]?.[index], notes),
    );
  });
  return { statements };
}

function stepOf(described: Mapping, recorded: PsCommand | undefined, notes: Notes): PipelineStep {
  notes.unknownKeys(described, commandKeys, 'a command');
  const useLocalScope = described['useLocalScope'] ?? recorded?.useLocalScope;
  const merge = asMapping(described['merge']);
  const common = {
    ...argumentsOf(listIn(described['args']), notes),
    ...(merge === undefined ? {} : { merge: mergesOf(merge) }),
    ...(typeof useLocalScope === 'boolean' ? { useLocalScope } : {}),
  };
  return 'script' in described
    ? { script: commandText(described['script'], recorded), ...common }
    : { command: commandText(described['cmdlet'], recorded), ...common };
}

function commandText(described: unknown, recorded: PsCommand | undefined): string {
  if (asMapping(described)?.['$fromRequest'] === undefined) return textIn(described);
  if (recorded === undefined)
    throw new NotationProblem('$fromRequest, but the recording has no such command');
  return recorded.text;
}

function argumentsOf(
  described: readonly unknown[],
  notes: Notes,
): Pick<StepArguments, 'parameters' | 'arguments'> {
  const parameters: Record<string, PsValue> = {};
  const positional: PsValue[] = [];
  for (const item of described) {
    const argument = asMapping(item) ?? {};
    notes.unknownKeys(argument, argumentKeys, 'an argument');
    const { name, value = null } = argument;
    if (typeof name !== 'string') positional.push(valueOf(value, fromNowhere));
    else if (Object.hasOwn(parameters, name)) throw new NotationProblem(`two arguments are called ${name}`);
    else parameters[name] = valueOf(value, fromNowhere);
  }
  return { parameters, arguments: positional };
}

/** Values to send in the notation of INDEX.md: input of a pipeline, arguments. */
export function valuesIn(described: unknown): readonly PsValue[] {
  return listIn(described).map((item) => valueOf(item, fromNowhere));
}

export function fromNowhere(name: string): never {
  throw new NotationProblem(`$fromRequest: ${name} stands for a script only`);
}

function listIn(described: unknown): readonly unknown[] {
  if (described === undefined || described === null) return [];
  if (!Array.isArray(described)) throw new NotationProblem(`${JSON.stringify(described)} is no list`);
  return described;
}

const targets: readonly MergeTarget[] = ['none', 'output', 'error', 'output-and-error'];
const mergeNames: Readonly<Record<string, keyof CommandMerges>> = {
  MergeMyResult: 'myResult',
  MergeToResult: 'toResult',
  MergePreviousResults: 'previousResults',
  MergeError: 'error',
  MergeWarning: 'warning',
  MergeVerbose: 'verbose',
  MergeDebug: 'debug',
  MergeInformation: 'information',
};

function mergesOf(described: Mapping): CommandMerges {
  return Object.fromEntries(
    Object.entries(described).map(([name, value]) => {
      const target = targets[Number(value)];
      const key = Object.hasOwn(mergeNames, name) ? mergeNames[name] : undefined;
      if (key === undefined || target === undefined) {
        throw new NotationProblem(`merge ${name}: ${JSON.stringify(value)} is not known`);
      }
      return [key, target];
    }),
  );
}
