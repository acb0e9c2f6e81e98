import type { PsValue } from '../core/ps-value.ts';
import type { PsrpClientEvent } from '../wire/psrp/client-event.ts';
import type { ErrorRecord } from '../wire/psrp/error-record.ts';

/** What a pipeline wrote to its streams, each in order. */
export class PipelineRecords {
  readonly output: PsValue[] = [];
  readonly errors: ErrorRecord[] = [];
  readonly warnings: string[] = [];
  readonly verbose: string[] = [];
  readonly debug: string[] = [];
  readonly information: string[] = [];

  /** Keeps the records of streams; progress is for people who watch, and nobody does. */
  add(event: PsrpClientEvent): void {
    switch (event.kind) {
      case 'output':
        this.output.push(event.value);
        break;
      case 'error':
        this.errors.push(event.error);
        break;
      case 'warning':
        this.warnings.push(event.message);
        break;
      case 'verbose':
        this.verbose.push(event.message);
        break;
      case 'debug':
        this.debug.push(event.message);
        break;
      case 'information':
        this.information.push(event.record.message);
        break;
      default:
        break;
    }
  }
}
