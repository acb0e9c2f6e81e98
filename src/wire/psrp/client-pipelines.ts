import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { PsrpHost } from './host.ts';
import { Reassembler } from './reassembler.ts';
import { isFinal } from './states.ts';
import type { PipelineState } from './states.ts';

/** What a client keeps of a pipeline that has not ended. */
export interface LivePipeline {
  readonly stream: Reassembler;
  /** Undefined where it uses the pool's. */
  readonly host: PsrpHost | undefined;
  /** Whether its output stays CLIXML. */
  readonly rawOutput: boolean;
  state: PipelineState;
  sentBytes: number;
}

/** What servers take in for one command at most (`PSMaximumReceivedDataSizePerCommandMB`). */
const maxCommandBytes = 50 * 1024 * 1024;

/** The pipelines of a pool that have not ended, by id. */
export class ClientPipelines {
  readonly #live = new Map<string, LivePipeline>();

  get(id: string): LivePipeline | undefined {
    return this.#live.get(keyOf(id));
  }

  add(id: string, state: PipelineState, host?: PsrpHost, rawOutput = false): LivePipeline {
    const pipeline = { stream: new Reassembler(), host, rawOutput, state, sentBytes: 0 };
    this.#live.set(keyOf(id), pipeline);
    return pipeline;
  }

  delete(id: string): void {
    this.#live.delete(keyOf(id));
  }

  /** Notes a state; a pipeline that has ended is forgotten. */
  setState(id: string, state: PipelineState): void {
    const pipeline = this.get(id);
    if (isFinal(state)) this.delete(id);
    else if (pipeline !== undefined) pipeline.state = state;
  }

  setAll(from: PipelineState, to: PipelineState): void {
    for (const pipeline of this.#live.values()) if (pipeline.state === from) pipeline.state = to;
  }
}

/** Counts what is sent for a pipeline; a failure when it is more than servers take, and then it must not be sent. */
export function countSent(pipeline: LivePipeline, fragments: readonly Uint8Array[]): Failure | undefined {
  const bytes = fragments.reduce((sum, { length }) => sum + length, pipeline.sentBytes);
  if (bytes > maxCommandBytes) return failure('psrp.command-too-large', { bytes, maxBytes: maxCommandBytes });
  pipeline.sentBytes = bytes;
  return undefined;
}

/** Transports write ids as they like; those in messages come in lower case. */
const keyOf = (id: string): string => id.toLowerCase();
