import { Failure } from '../../../src/core/failure.ts';
import type { PsProgress, PsValue } from '../../../src/core/ps-value.ts';
import type { RemotePipeline } from '../../../src/remote/api/pipeline.ts';
import type { ErrorRecord } from '../../../src/wire/psrp/error-record.ts';
import type { InformationRecord } from '../../../src/wire/psrp/information-record.ts';
import type { MessageRecord } from '../../../src/wire/psrp/message-record.ts';
import type { PlayedPipeline } from '../expect/pipeline.ts';

/** What a pipeline wrote and how it ended, without what only the host can tell. */
export type PipelineOutcome = Omit<PlayedPipeline, 'hostCalls' | 'delivered'>;

/** A pipeline under way. */
export interface RunningPipeline {
  readonly pipeline: RemotePipeline;
  /** How many host calls there had been before it. */
  readonly earlierCalls: number;
  /** How it came out; a Failure where its end is not known. */
  readonly ended: Promise<PipelineOutcome | Failure>;
}

/** Reads a pipeline to its end, as users do. */
export function readPipeline(pipeline: RemotePipeline, earlierCalls: number): RunningPipeline {
  return { pipeline, earlierCalls, ended: readAll(pipeline) };
}

async function readAll(pipeline: RemotePipeline): Promise<PipelineOutcome | Failure> {
  const output: PsValue[] = [];
  const errors: ErrorRecord[] = [];
  const messages: Readonly<Record<'warning' | 'verbose' | 'debug', MessageRecord[]>> = {
    warning: [],
    verbose: [],
    debug: [],
  };
  const information: InformationRecord[] = [];
  const progress: PsProgress[] = [];
  try {
    for await (const record of pipeline) {
      if (record.stream === 'output') output.push(record.value);
      else if (record.stream === 'error') errors.push(record.error);
      else if (record.stream === 'information') information.push(record.record);
      else if (record.stream === 'progress') progress.push(record.record);
      else messages[record.stream].push(record.record);
    }
    const { state, hadErrors, reason } = await pipeline.result;
    const { warning: warnings, verbose, debug } = messages;
    return { state, hadErrors, reason, output, errors, warnings, verbose, debug, information, progress };
  } catch (problem) {
    if (problem instanceof Failure) return problem;
    throw problem;
  }
}
