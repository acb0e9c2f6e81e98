import type { Result } from '../core/result.ts';
import type { PsrpClient } from '../wire/psrp/client.ts';
import type { HostAnswers } from './host-answers.ts';
import type { RunTimeouts } from './run-watch.ts';

/** What a pipeline is to run, and within which bounds. */
export interface PipelineRequest {
  /** Writes the message that creates it under this id: `PsrpClient.createPipeline`, or a question for commands. */
  readonly create: (psrp: PsrpClient, id: string) => Result<readonly Uint8Array[]>;
  /** Answers the host calls that are left to be answered later. */
  readonly answers?: HostAnswers;
  readonly timeouts?: RunTimeouts;
  /** Bytes of PSRP fragments that are taken in at most; a pipeline that gives more is stopped. */
  readonly maxOutputBytes?: number;
}
