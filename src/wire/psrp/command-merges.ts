import { integerOf, propertyOf, psEnum } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { isAtLeast } from './session-capability.ts';

/** Where a stream goes: `PipelineResultTypes` of MS-PSRP §2.2.3.31, at the index that is its value. */
const mergeTargets = ['none', 'output', 'error', 'output-and-error'] as const;
export type MergeTarget = (typeof mergeTargets)[number];

/**
 * Which streams of a command join another one.
 *
 * `error: 'output'` and its like need protocol 2.2, `information` 2.3; for older servers PowerShell says the same of
 * errors by `myResult: 'error', toResult: 'output'`, which servers of every version understand.
 */
export interface CommandMerges {
  readonly myResult?: MergeTarget;
  readonly toResult?: MergeTarget;
  /** What the commands before this one wrote into its input. */
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
  merges: CommandMerges,
  protocolVersion: string,
): { readonly early: Properties; readonly late: Properties } {
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

const enumNames: Readonly<Record<MergeTarget, string>> = {
  none: 'None',
  output: 'Output',
  error: 'Error',
  'output-and-error': 'Output, Error',
};

const mergeEnum = (target: MergeTarget): PsValue =>
  psEnum(
    'System.Management.Automation.Runspaces.PipelineResultTypes',
    mergeTargets.indexOf(target),
    enumNames[target],
  );

/** Reads the merges of a command; those that merge nothing are left out. */
export function decodeMerges(command: PsValue): CommandMerges {
  const merges: Record<string, MergeTarget> = {};
  for (const [name, property] of Object.entries(propertyNames)) {
    const target = mergeTargets[integerOf(propertyOf(command, property)) ?? 0];
    if (target !== undefined && target !== 'none') merges[name] = target;
  }
  return merges;
}
