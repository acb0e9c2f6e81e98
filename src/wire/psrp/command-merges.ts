import { integerOf, propertyOf, psEnum } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { isAtLeast } from './session-capability.ts';

/** Where a stream goes: `PipelineResultTypes` of MS-PSRP §2.2.3.31. */
const mergeTargets = {
  none: { value: 0, name: 'None' },
  output: { value: 1, name: 'Output' },
  error: { value: 2, name: 'Error' },
  'output-and-error': { value: 3, name: 'Output, Error' },
} as const;
export type MergeTarget = keyof typeof mergeTargets;

/**
 * Which streams of a command join another one: `{ error: 'output' }` is `2>&1`.
 *
 * Warnings, verbose and debug records need protocol 2.2, information records 2.3; older servers do not merge them.
 */
export interface CommandMerges {
  /** The form in which servers before 2.2 understand `error: …`: `myResult: 'error', toResult: …`. Each implies the other. */
  readonly myResult?: MergeTarget;
  readonly toResult?: MergeTarget;
  /** What the commands before this one wrote, and nobody has taken, goes into its input. */
  readonly previousResults?: MergeTarget;
  readonly error?: MergeTarget;
  readonly warning?: MergeTarget;
  readonly verbose?: MergeTarget;
  readonly debug?: MergeTarget;
  readonly information?: MergeTarget;
}

type Properties = Readonly<Record<string, PsValue>>;

const propertyNames: Readonly<Record<keyof CommandMerges, string>> = {
  myResult: 'MergeMyResult',
  toResult: 'MergeToResult',
  previousResults: 'MergePreviousResults',
  error: 'MergeError',
  warning: 'MergeWarning',
  verbose: 'MergeVerbose',
  debug: 'MergeDebug',
  information: 'MergeInformation',
};
const everyVersion = ['myResult', 'toResult', 'previousResults'] as const;
const since22 = ['error', 'warning', 'verbose', 'debug'] as const;
const since23 = ['information'] as const;

/** Writes the merges that a server of the version knows, in the places where PowerShell has them. */
export function encodeMerges(
  given: CommandMerges,
  protocolVersion: string,
): { readonly early: Properties; readonly late: Properties } {
  const merges = completed(given);
  const write = (names: readonly (keyof CommandMerges)[]): Properties =>
    Object.fromEntries(names.map((name) => [propertyNames[name], mergeEnum(merges[name] ?? 'none')]));
  return {
    early: write(everyVersion),
    late: {
      ...(isAtLeast(protocolVersion, '2.2') ? write(since22) : {}),
      ...(isAtLeast(protocolVersion, '2.3') ? write(since23) : {}),
    },
  };
}

/** Says what becomes of errors in both forms, since each server looks at only one of them. */
function completed(merges: CommandMerges): CommandMerges {
  const { error, myResult, toResult } = merges;
  if (error !== undefined && error !== 'none') return { myResult: 'error', toResult: error, ...merges };
  if (myResult === 'error' && toResult !== undefined) return { ...merges, error: toResult };
  return merges;
}

const mergeEnum = (target: MergeTarget): PsValue => {
  const { value, name } = mergeTargets[target];
  return psEnum('System.Management.Automation.Runspaces.PipelineResultTypes', value, name);
};

/** Reads the merges of a command; those that merge nothing are left out. */
export function decodeMerges(command: PsValue): CommandMerges {
  const merges: Record<string, MergeTarget> = {};
  for (const [name, property] of Object.entries(propertyNames)) {
    const target = mergeTargetOf(integerOf(propertyOf(command, property)));
    if (target !== 'none') merges[name] = target;
  }
  return merges;
}

function mergeTargetOf(value: number | undefined): MergeTarget {
  const names = Object.keys(mergeTargets) as MergeTarget[];
  return names.find((name) => mergeTargets[name].value === value) ?? 'none';
}
