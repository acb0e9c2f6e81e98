import type { PsProgress, PsValue } from '../../core/ps-value.ts';
import type { ErrorRecord } from '../../wire/psrp/error-record.ts';
import type { InformationRecord } from '../../wire/psrp/information-record.ts';
import type { MessageRecord } from '../../wire/psrp/message-record.ts';
import type { FinalPipelineState } from '../../wire/psrp/states.ts';
import type { PipelineRecord as WireRecord } from '../pipeline-stream.ts';

/** One record of a pipeline, in the order in which the host wrote them. */
export type PipelineRecord =
  | { readonly stream: 'output'; readonly value: PsValue }
  | { readonly stream: 'error'; readonly error: ErrorRecord }
  | {
      readonly stream: 'warning' | 'verbose' | 'debug';
      readonly message: string;
      readonly record: MessageRecord;
    }
  | { readonly stream: 'information'; readonly message: string; readonly record: InformationRecord }
  | { readonly stream: 'progress'; readonly record: PsProgress };

/** How a pipeline ended, and what it wrote. */
export interface PipelineResult {
  /** `Completed`, `Failed` by a terminating error, or `Stopped`. */
  readonly state: FinalPipelineState;
  /** Whether it failed or wrote an error; like `$?`, not a verdict. */
  readonly hadErrors: boolean;
  /** The terminating error; undefined where it completed. */
  readonly reason: ErrorRecord | undefined;
  /** What a script gave to `exit`, where the host is told of it; undefined otherwise. */
  readonly exitCode: number | undefined;
  readonly output: readonly PsValue[];
  /** Errors that did not end it. */
  readonly errors: readonly ErrorRecord[];
  readonly warnings: readonly string[];
  readonly verbose: readonly string[];
  readonly debug: readonly string[];
  readonly information: readonly InformationRecord[];
  readonly progress: readonly PsProgress[];
}

/** The streams of a pipeline, each in order. */
export class PipelineOutput {
  readonly output: PsValue[] = [];
  readonly errors: ErrorRecord[] = [];
  readonly warnings: string[] = [];
  readonly verbose: string[] = [];
  readonly debug: string[] = [];
  readonly information: InformationRecord[] = [];
  readonly progress: PsProgress[] = [];

  add(record: PipelineRecord): void {
    switch (record.stream) {
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
      case 'debug':
        this[record.stream].push(record.message);
        break;
      case 'information':
        this.information.push(record.record);
        break;
      case 'progress':
        this.progress.push(record.record);
        break;
      default:
        record satisfies never;
    }
  }
}

/** The record as users see it. */
export function recordOf(event: WireRecord): PipelineRecord {
  switch (event.kind) {
    case 'output':
      return { stream: 'output', value: event.value };
    case 'error':
      return { stream: 'error', error: event.error };
    case 'warning':
    case 'verbose':
    case 'debug': {
      const { kind, pipelineId: _, ...record } = event;
      return { stream: kind, message: record.message, record };
    }
    case 'information':
      return { stream: 'information', message: event.record.message, record: event.record };
    case 'progress':
      return { stream: 'progress', record: event.record };
  }
}
