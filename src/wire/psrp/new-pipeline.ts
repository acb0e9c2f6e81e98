import type { CommandQuery } from './command-metadata.ts';
import type { CreatePipeline, InvocationDetail, Statement } from './create-pipeline.ts';
import type { PsrpHost } from './host.ts';
import type { ApartmentState } from './thread-options.ts';

/** A pipeline to create: the commands of one statement, or several statements that run one after another. */
export type NewPipeline = PipelineSettings &
  (
    | { readonly commands: Statement; readonly statements?: never }
    | { readonly statements: readonly [Statement, ...Statement[]]; readonly commands?: never }
  );

export interface PipelineSettings {
  /** GUID; over WSMan also the id of the command. */
  readonly id: string;
  /** False when `input` and `endInput` follow. */
  readonly noInput: boolean;
  /** False unless given, as for the other switches. */
  readonly addToHistory?: boolean;
  /** What `Get-History` shows in place of the commands. */
  readonly history?: string;
  /** Runs inside the pipeline that is running now, on its thread, and sees its variables. */
  readonly isNested?: boolean;
  /** `errors` unless given. */
  readonly invocationDetail?: InvocationDetail;
  readonly apartmentState?: ApartmentState;
  readonly redirectErrors?: boolean;
  /** Leaves its output undecoded: each value is the CLIXML text that came. */
  readonly rawOutput?: boolean;
  /** A host of its own; the pool's unless given. */
  readonly host?: PsrpHost;
}

/** A question for the commands that the endpoint has; its output comes like a pipeline's. */
export interface NewCommandQuery extends CommandQuery {
  /** GUID; over WSMan also the id of the command. */
  readonly id: string;
}

/** The message of a new pipeline; `poolHost` is the host where it has none of its own. */
export function createPipelineOf(pipeline: NewPipeline, poolHost: PsrpHost): CreatePipeline {
  const { info } = pipeline.host ?? poolHost;
  return {
    statements: pipeline.statements ?? [pipeline.commands],
    noInput: pipeline.noInput,
    addToHistory: pipeline.addToHistory ?? false,
    // A pool without a host says so for its pipelines too.
    host: pipeline.host === undefined && info === 'none' ? 'pool' : info,
    apartmentState: pipeline.apartmentState ?? 'unknown',
    invocationDetail: pipeline.invocationDetail ?? 'errors',
    isNested: pipeline.isNested ?? false,
    history: pipeline.history,
    redirectErrors: pipeline.redirectErrors ?? false,
  };
}
