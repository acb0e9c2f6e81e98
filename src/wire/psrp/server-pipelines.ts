import { Reassembler } from './reassembler.ts';
import type { FinalPipelineState } from './states.ts';

interface ServerPipeline {
  readonly stream: Reassembler;
  /** Undefined until CREATE_PIPELINE has arrived whole. */
  state: 'Running' | FinalPipelineState | undefined;
}

/** The pipelines of a pool until they are closed, by id; those that have ended are kept, since input may still come. */
export class ServerPipelines {
  readonly #pipelines = new Map<string, ServerPipeline>();

  /** The stream of a pipeline, made when the first bytes for it come. */
  streamOf(id: string): Reassembler {
    return this.#of(id).stream;
  }

  stateOf(id: string): ServerPipeline['state'] {
    return this.#pipelines.get(keyOf(id))?.state;
  }

  hasEnded(id: string): boolean {
    const state = this.stateOf(id);
    return state !== undefined && state !== 'Running';
  }

  start(id: string): void {
    this.#of(id).state = 'Running';
  }

  finish(id: string, state: FinalPipelineState): void {
    const pipeline = this.#pipelines.get(keyOf(id));
    if (pipeline !== undefined) pipeline.state = state;
  }

  delete(id: string): void {
    this.#pipelines.delete(keyOf(id));
  }

  #of(id: string): ServerPipeline {
    const known = this.#pipelines.get(keyOf(id));
    if (known !== undefined) return known;
    const pipeline: ServerPipeline = { stream: new Reassembler(), state: undefined };
    this.#pipelines.set(keyOf(id), pipeline);
    return pipeline;
  }
}

/** Transports write ids as they like; those in messages come in lower case. */
const keyOf = (id: string): string => id.toLowerCase();
