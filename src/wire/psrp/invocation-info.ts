import { integerOf, itemsOf, propertyOf, psDictionary, psEnum, psList, textOf } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';

/** Where a record was written: the command, and the place in its script. Texts that were not sent are empty. */
export interface InvocationInfo {
  /** Name of the command; empty for script text. */
  readonly commandName: string;
  /** `Cmdlet`, `Function`, `Script`… */
  readonly commandType: string;
  /** The text of a script or function. */
  readonly definition: string;
  /** The name by which it was called, an alias perhaps. */
  readonly invocationName: string;
  /** Path of the script file; empty for script text. */
  readonly scriptName: string;
  /** Counted from 1; 0 where there is no script. */
  readonly line: number;
  readonly column: number;
  /** The line itself. */
  readonly lineText: string;
  /** The `At line:1 char:55 …` text, in the server's language. */
  readonly positionMessage: string;
  readonly historyId: bigint;
  readonly pipelineLength: number;
  readonly pipelinePosition: number;
  /** How many inputs each command of the pipeline had taken; empty where it was not sent. */
  readonly pipelineIterations: readonly number[];
  readonly boundParameters: PsValue;
  readonly unboundArguments: readonly PsValue[];
}

/** Invocation info of which only the given parts matter. */
export function invocationInfo(parts: Partial<InvocationInfo>): InvocationInfo {
  return {
    commandName: '',
    commandType: '',
    definition: '',
    invocationName: '',
    scriptName: '',
    line: 0,
    column: 0,
    lineText: '',
    positionMessage: '',
    historyId: 0n,
    pipelineLength: 0,
    pipelinePosition: 0,
    pipelineIterations: [],
    boundParameters: psDictionary([]),
    unboundArguments: [],
    ...parts,
  };
}

/**
 * Reads the invocation info of a record, which is spread over the record's own properties.
 *
 * @param flag - The property that says whether it is there.
 * @see MS-PSRP §2.2.3.15.1, §2.2.3.16 https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-psrp
 */
export function decodeInvocationInfo(
  record: PsValue | undefined,
  flag: 'SerializeExtendedInfo' | 'InformationalRecord_SerializeInvocationInfo',
): InvocationInfo | undefined {
  if (propertyOf(record, flag) !== true) return undefined;
  const of = (name: string): PsValue | undefined => propertyOf(record, `InvocationInfo_${name}`);
  const text = (value: PsValue | undefined): string => textOf(value) ?? '';
  const number = (name: string): number => integerOf(of(name)) ?? 0;
  const historyId = of('HistoryId');
  const iterations =
    propertyOf(record, 'InformationalRecord_PipelineIterationInfo') ?? of('PipelineIterationInfo');
  return {
    commandName: text(propertyOf(record, 'CommandInfo_Name')),
    commandType: text(propertyOf(record, 'CommandInfo_CommandType')),
    definition: text(propertyOf(record, 'CommandInfo_Definition')),
    invocationName: text(of('InvocationName')),
    scriptName: text(of('ScriptName')),
    line: number('ScriptLineNumber'),
    column: number('OffsetInLine'),
    lineText: text(of('Line')),
    positionMessage: text(of('PositionMessage')),
    historyId: typeof historyId === 'bigint' ? historyId : 0n,
    pipelineLength: number('PipelineLength'),
    pipelinePosition: number('PipelinePosition'),
    pipelineIterations: (itemsOf(iterations) ?? []).map((count) => integerOf(count) ?? 0),
    boundParameters: of('BoundParameters') ?? null,
    unboundArguments: itemsOf(of('UnboundArguments')) ?? [],
  };
}

/** Writes invocation info as properties of its record. */
export function encodeInvocationInfo(info: InvocationInfo): Readonly<Record<string, PsValue>> {
  return {
    InvocationInfo_BoundParameters: info.boundParameters,
    InvocationInfo_InvocationName: info.invocationName,
    InvocationInfo_Line: info.lineText,
    InvocationInfo_OffsetInLine: info.column,
    InvocationInfo_HistoryId: info.historyId,
    InvocationInfo_PipelineIterationInfo: iterationList(info.pipelineIterations),
    InvocationInfo_PipelineLength: info.pipelineLength,
    InvocationInfo_PipelinePosition: info.pipelinePosition,
    InvocationInfo_PositionMessage: info.positionMessage,
    InvocationInfo_ScriptLineNumber: info.line,
    InvocationInfo_ScriptName: info.scriptName,
    InvocationInfo_UnboundArguments: psList(info.unboundArguments),
    CommandInfo_CommandType: commandTypeEnum(info.commandType),
    CommandInfo_Definition: info.definition,
    CommandInfo_Name: info.commandName,
  };
}

export const iterationList = (counts: readonly number[]): PsValue =>
  psList(counts, ['System.Int32[]', 'System.Array', 'System.Object']);

const commandTypeValues: Readonly<Record<string, number>> = {
  Alias: 1,
  Function: 2,
  Filter: 4,
  Cmdlet: 8,
  ExternalScript: 16,
  Application: 32,
  Script: 64,
};

const commandTypeEnum = (name: string): PsValue =>
  psEnum('System.Management.Automation.CommandTypes', commandTypeValues[name] ?? 0, name);
