import { failure } from '../../core/failure.ts';
import { itemsOf, propertyOf, psEnum, psRecord } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { decodeCommand, encodeCommand, pipelineList } from './command.ts';
import type { PsCommand } from './command.ts';
import { decodeHostInfo, encodeHostInfo } from './host-info.ts';
import type { HostInfo } from './host-info.ts';
import { unknownApartment } from './init-runspacepool.ts';

/** Commands of which each takes the output of the one before as its input. */
export type Statement = readonly PsCommand[];

/** CREATE_PIPELINE (MS-PSRP §2.2.2.10): statements that run one after another, each a pipeline of commands. */
export interface CreatePipeline {
  readonly statements: readonly [Statement, ...Statement[]];
  /** True when no PIPELINE_INPUT follows. */
  readonly noInput: boolean;
  readonly addToHistory: boolean;
  readonly host: HostInfo;
}

/** Writes the message for a server of the given protocol version. */
export function encodeCreatePipeline(pipeline: CreatePipeline, protocolVersion: string): PsValue {
  const commands = (statement: Statement): PsValue =>
    pipelineList(statement.map((command) => encodeCommand(command, protocolVersion)));
  const [first, ...others] = pipeline.statements;
  const all = [first, ...others].map((statement) => psRecord({ Cmds: commands(statement) }));
  return psRecord({
    NoInput: pipeline.noInput,
    ApartmentState: unknownApartment(),
    RemoteStreamOptions: errorsWithPosition(),
    AddToHistory: pipeline.addToHistory,
    HostInfo: encodeHostInfo(pipeline.host),
    PowerShell: psRecord({
      IsNested: false,
      // Where there are several statements, this list holds all of them, and Cmds the first once more.
      ExtraCmds: others.length === 0 ? null : pipelineList(all),
      Cmds: commands(first),
      History: null,
      RedirectShellErrorOutputPipe: false,
    }),
    IsNested: false,
  });
}

/** Positions are wanted with errors only; with the other records they would be most of the traffic. */
const errorsWithPosition = (): PsValue =>
  psEnum('System.Management.Automation.RemoteStreamOptions', 1, 'AddInvocationInfoToErrorRecord');

export function decodeCreatePipeline(body: PsValue | undefined): Result<CreatePipeline> {
  const powerShell = propertyOf(body, 'PowerShell');
  const cmds = propertyOf(powerShell, 'Cmds');
  const extra = itemsOf(propertyOf(powerShell, 'ExtraCmds'))?.map((item) => propertyOf(item, 'Cmds'));
  const read: PsCommand[][] = [];
  for (const list of extra ?? [cmds]) {
    const statement: PsCommand[] = [];
    for (const item of itemsOf(list) ?? []) {
      const command = decodeCommand(item);
      if (!command.ok) return command;
      statement.push(command.value);
    }
    read.push(statement);
  }
  const [first, ...others] = read;
  if (first === undefined || read.every((statement) => statement.length === 0)) {
    return err(failure('psrp.malformed', { reason: 'the pipeline has no commands' }));
  }
  return ok({
    statements: [first, ...others],
    noInput: propertyOf(body, 'NoInput') !== false,
    addToHistory: propertyOf(body, 'AddToHistory') === true,
    host: decodeHostInfo(propertyOf(body, 'HostInfo')),
  });
}
