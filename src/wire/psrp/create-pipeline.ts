import { failure } from '../../core/failure.ts';
import { integerOf, itemsOf, propertyOf, psEnum, psRecord, textOf } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { decodeCommand, encodeCommand, pipelineList } from './command.ts';
import type { PsCommand } from './command.ts';
import { decodeHostInfo, encodeHostInfo } from './host-info.ts';
import type { HostInfo } from './host-info.ts';
import { decodeApartmentState, encodeApartmentState } from './thread-options.ts';
import type { ApartmentState } from './thread-options.ts';

/** Commands of which each takes the output of the one before as its input. */
export type Statement = readonly PsCommand[];

/**
 * Which records say where they come from: `none`, `errors`, or `all` of the streams. Errors always have their position;
 * with the other records it would be most of the traffic.
 */
export type InvocationDetail = 'none' | 'errors' | 'all';

/** CREATE_PIPELINE (MS-PSRP §2.2.2.10): statements that run one after another, each a pipeline of commands. */
export interface CreatePipeline {
  readonly statements: readonly [Statement, ...Statement[]];
  /** True when no PIPELINE_INPUT follows. */
  readonly noInput: boolean;
  readonly addToHistory: boolean;
  readonly host: HostInfo;
  readonly apartmentState: ApartmentState;
  readonly invocationDetail: InvocationDetail;
  /** Runs inside the pipeline that is running, on its thread. */
  readonly isNested: boolean;
  /** What `Get-History` shows in place of the commands. */
  readonly history: string | undefined;
  /** Sends the errors of the last command through the output, as a console shows them. */
  readonly redirectErrors: boolean;
}

/** Writes the message for a server of the given protocol version. */
export function encodeCreatePipeline(pipeline: CreatePipeline, protocolVersion: string): PsValue {
  const commands = (statement: Statement): PsValue =>
    pipelineList(statement.map((command) => encodeCommand(command, protocolVersion)));
  const [first, ...others] = pipeline.statements;
  const all = [first, ...others].map((statement) => psRecord({ Cmds: commands(statement) }));
  return psRecord({
    NoInput: pipeline.noInput,
    ApartmentState: encodeApartmentState(pipeline.apartmentState),
    RemoteStreamOptions: encodeInvocationDetail(pipeline.invocationDetail),
    AddToHistory: pipeline.addToHistory,
    HostInfo: encodeHostInfo(pipeline.host),
    PowerShell: psRecord({
      IsNested: pipeline.isNested,
      // Where there are several statements, this list holds all of them, and Cmds the first once more.
      ExtraCmds: others.length === 0 ? null : pipelineList(all),
      Cmds: commands(first),
      History: pipeline.history ?? null,
      RedirectShellErrorOutputPipe: pipeline.redirectErrors,
    }),
    IsNested: pipeline.isNested,
  });
}

const detailFlags: Readonly<Record<InvocationDetail, readonly [flags: number, name: string]>> = {
  none: [0, '0'],
  errors: [1, 'AddInvocationInfoToErrorRecord'],
  all: [15, 'AddInvocationInfo'],
};

function encodeInvocationDetail(detail: InvocationDetail): PsValue {
  const typeName = 'System.Management.Automation.Runspaces.RemoteStreamOptions';
  return psEnum(typeName, ...detailFlags[detail]);
}

function decodeInvocationDetail(value: PsValue | undefined): InvocationDetail {
  const flags = integerOf(value) ?? 0;
  if (flags > 1) return 'all';
  return flags === 1 ? 'errors' : 'none';
}

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
    apartmentState: decodeApartmentState(propertyOf(body, 'ApartmentState')),
    invocationDetail: decodeInvocationDetail(propertyOf(body, 'RemoteStreamOptions')),
    isNested: propertyOf(body, 'IsNested') === true,
    history: textOf(propertyOf(powerShell, 'History')),
    redirectErrors: propertyOf(powerShell, 'RedirectShellErrorOutputPipe') === true,
  });
}
