import { Failure } from '../../../src/core/failure.ts';
import type { PsProgress, PsValue } from '../../../src/core/ps-value.ts';
import type { PipelineRecord } from '../../../src/remote/api/pipeline-output.ts';
import type { RemotePipeline } from '../../../src/remote/api/pipeline.ts';
import type { ErrorRecord } from '../../../src/wire/psrp/error-record.ts';
import type { InformationRecord } from '../../../src/wire/psrp/information-record.ts';
import type { MessageRecord } from '../../../src/wire/psrp/message-record.ts';
import type { PlayedPipeline } from '../expect/pipeline.ts';

/** What a pipeline wrote and how it ended, without what only the host can tell. */
export type PipelineOutcome = Omit<PlayedPipeline, 'hostCalls' | 'delivered'>;

/** How a pipeline ended; a Failure where that is not known. */
type End = Pick<PlayedPipeline, 'state' | 'hadErrors' | 'reason'> | Failure;

/** A pipeline under way, read all the time as users do. */
export class RunningPipeline {
  readonly pipeline: RemotePipeline;
  readonly ended: Promise<End>;
  readonly #records: PipelineRecord[] = [];
  #end: End | undefined;
  #taken = 0;

  constructor(pipeline: RemotePipeline) {
    this.pipeline = pipeline;
    this.ended = this.#readAll();
    // Whoever awaits it hears of a mistake of the client; nobody must.
    this.ended.catch(() => undefined);
  }

  /** What it has written since it was asked the last time, and its state. */
  take(): PipelineOutcome | Failure {
    const outcome = this.peek();
    this.#taken = this.#records.length;
    return outcome;
  }

  /** As `take`, to be asked again. */
  peek(): PipelineOutcome | Failure {
    if (this.#end instanceof Failure) return this.#end;
    const end = this.#end ?? { state: 'Running', hadErrors: false, reason: undefined };
    return { ...end, ...sorted(this.#records.slice(this.#taken)) };
  }

  async #readAll(): Promise<End> {
    try {
      for await (const record of this.pipeline) this.#records.push(record);
      const { state, hadErrors, reason } = await this.pipeline.result;
      this.#end = { state, hadErrors, reason };
    } catch (problem) {
      if (!(problem instanceof Failure)) throw problem;
      this.#end = problem;
    }
    return this.#end;
  }
}

/** Records by their streams. */
function sorted(records: readonly PipelineRecord[]): Omit<PipelineOutcome, 'state' | 'hadErrors' | 'reason'> {
  const output: PsValue[] = [];
  const errors: ErrorRecord[] = [];
  const information: InformationRecord[] = [];
  const progress: PsProgress[] = [];
  const messages: Readonly<Record<'warning' | 'verbose' | 'debug', MessageRecord[]>> = {
    ...{ warning: [], verbose: [], debug: [] },
  };
  for (const record of records) {
    if (record.stream === 'output') output.push(record.value);
    else if (record.stream === 'error') errors.push(record.error);
    else if (record.stream === 'information') information.push(record.record);
    else if (record.stream === 'progress') progress.push(record.record);
    else messages[record.stream].push(record.record);
  }
  const { warning: warnings, verbose, debug } = messages;
  return { output, errors, warnings, verbose, debug, information, progress };
}
