import type { PsValue } from '../core/ps-value.ts';
import type { ErrorRecord } from '../wire/psrp/error-record.ts';
import type { Pipeline } from './pipeline.ts';
import type { PipelineRecord } from './pipeline-stream.ts';

/** What a pipeline wrote to its streams, each in order. */
export class PipelineRecords {
  readonly output: PsValue[] = [];
  readonly errors: ErrorRecord[] = [];
  readonly warnings: string[] = [];
  readonly verbose: string[] = [];
  readonly debug: string[] = [];
  readonly information: string[] = [];

  /** Reads a pipeline to its end. */
  static async of(pipeline: Pipeline): Promise<PipelineRecords> {
    const records = new PipelineRecords();
    for (
      let record = await pipeline.records.next();
      record !== undefined;
      record = await pipeline.records.next()
    )
      records.add(record);
    return records;
  }

  /** Keeps the records of streams; progress is for people who watch, and nobody does. */
  add(record: PipelineRecord): void {
    switch (record.kind) {
      case 'output':
        this.output.push(record.value);
        break;
      case 'error':
        this.errors.push(record.error);
        break;
      case 'warning':
        this.warnings.push(record.message);
        break;
      case 'verbose':
        this.verbose.push(record.message);
        break;
      case 'debug':
        this.debug.push(record.message);
        break;
      case 'information':
        this.information.push(record.record.message);
        break;
      default:
        break;
    }
  }
}
