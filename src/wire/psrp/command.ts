import { failure } from '../../core/failure.ts';
import { itemsOf, propertyOf, psList, psObject, psRecord, textOf } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { decodeMerges, encodeMerges } from './command-merges.ts';
import type { CommandMerges } from './command-merges.ts';

/** One command of a pipeline: a script, or the name of a command (the only kind that JEA allows). */
export interface PsCommand {
  readonly text: string;
  readonly isScript: boolean;
  readonly parameters: readonly PsParameter[];
  /** Runs a script in a scope of its own; otherwise its variables stay in the runspace. */
  readonly useLocalScope?: boolean;
  /** Streams that join another; nothing is merged unless given. */
  readonly merge?: CommandMerges;
}

/** A parameter; without a name it is positional. A switch is a name with the value true. */
export interface PsParameter {
  readonly name?: string;
  readonly value: PsValue;
}

const listTypeNames = [
  'System.Collections.Generic.List`1[[System.Management.Automation.PSObject, System.Management.Automation, Version=1.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]',
  'System.Object',
];

/** A list of the type that servers expect in a pipeline's description. */
export const pipelineList = (items: readonly PsValue[]): PsValue => psList(items, listTypeNames);

/** Writes Command (MS-PSRP §2.2.3.12) for a server of the given protocol version; it gets only merges it knows. */
export function encodeCommand(command: PsCommand, protocolVersion: string): PsValue {
  const { early, late } = encodeMerges(command.merge ?? {}, protocolVersion);
  return psRecord({
    Cmd: command.text,
    IsScript: command.isScript,
    UseLocalScope: command.useLocalScope ?? null,
    ...early,
    Args: pipelineList(command.parameters.map(encodeParameter)),
    ...late,
  });
}

function encodeParameter({ name, value }: PsParameter): PsValue {
  return psObject({
    extended: new Map<string, PsValue>([
      ['N', name ?? null],
      ['V', value],
    ]),
  });
}

export function decodeCommand(body: PsValue): Result<PsCommand> {
  const text = textOf(propertyOf(body, 'Cmd'));
  const isScript = propertyOf(body, 'IsScript');
  if (text === undefined || typeof isScript !== 'boolean') {
    return err(failure('psrp.malformed', { reason: 'a command of a pipeline has no text or no kind' }));
  }
  const useLocalScope = propertyOf(body, 'UseLocalScope');
  const parameters = (itemsOf(propertyOf(body, 'Args')) ?? []).map(decodeParameter);
  const merge = decodeMerges(body);
  return ok({
    text,
    isScript,
    parameters,
    ...(typeof useLocalScope === 'boolean' && { useLocalScope }),
    ...(Object.keys(merge).length > 0 && { merge }),
  });
}

function decodeParameter(body: PsValue): PsParameter {
  const name = textOf(propertyOf(body, 'N'));
  const value = propertyOf(body, 'V') ?? null;
  return name === undefined ? { value } : { name, value };
}
