import type { PsValue } from '../../../src/core/ps-value.ts';
import type { PsCommand, PsParameter } from '../../../src/wire/psrp/command.ts';
import type { CommandMerges, MergeTarget } from '../../../src/wire/psrp/command-merges.ts';
import type { CreatePipeline, Statement } from '../../../src/wire/psrp/create-pipeline.ts';
import { NotationProblem, textIn, valueOf } from '../values/notation.ts';
import { asMapping } from '../yaml-file.ts';
import type { Notes } from './notes.ts';
import type { Mapping } from '../yaml-file.ts';

const commandKeys: ReadonlySet<string> = new Set(['script', 'cmdlet', 'args', 'merge', 'useLocalScope']);
const argumentKeys: ReadonlySet<string> = new Set(['name', 'value']);

/**
 * The statements of an `invoke`, as the API takes them.
 *
 * @param recorded - The pipeline as it was created then: `$fromRequest` looks there, and so does what is not said here.
 */
export function statementsOf(
  described: unknown,
  recorded: CreatePipeline | undefined,
  notes: Notes,
): readonly [Statement, ...Statement[]] {
  const statements = (Array.isArray(described) ? described : []).map((statement: unknown, at) => {
    if (!Array.isArray(statement)) throw new NotationProblem(`statement ${at} is no list of commands`);
    return statement.map((command: unknown, index) =>
      commandOf(asMapping(command) ?? {}, recorded?.statements[at]?.[index], notes),
    );
  });
  const [first, ...others] = statements;
  if (first === undefined) throw new NotationProblem('the pipeline has no statements');
  return [first, ...others];
}

function commandOf(described: Mapping, recorded: PsCommand | undefined, notes: Notes): PsCommand {
  notes.unknownKeys(described, commandKeys, 'a command');
  const isScript = 'script' in described;
  const useLocalScope = described['useLocalScope'] ?? recorded?.useLocalScope;
  const merge = asMapping(described['merge']);
  return {
    text: commandText(described[isScript ? 'script' : 'cmdlet'], recorded),
    isScript,
    parameters: listIn(described['args']).map((argument) => parameterOf(argument, notes)),
    ...(typeof useLocalScope === 'boolean' ? { useLocalScope } : {}),
    ...(merge === undefined ? {} : { merge: mergesOf(merge) }),
  };
}

function commandText(described: unknown, recorded: PsCommand | undefined): string {
  if (asMapping(described)?.['$fromRequest'] === undefined) return textIn(described);
  if (recorded === undefined)
    throw new NotationProblem('$fromRequest, but the recording has no such command');
  return recorded.text;
}

function parameterOf(described: unknown, notes: Notes): PsParameter {
  const argument = asMapping(described) ?? {};
  notes.unknownKeys(argument, argumentKeys, 'an argument');
  const { name, value } = argument;
  const given = valueOf(value ?? null, fromNowhere);
  return typeof name === 'string' ? { name, value: given } : { value: given };
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
