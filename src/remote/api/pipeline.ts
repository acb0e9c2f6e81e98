import { Failure } from '../../core/failure.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { unwrap } from '../../core/result.ts';
import type { Invocation } from '../invocation.ts';
import type { Pipeline } from '../pipeline.ts';
import { timedOut, unknownOutcome } from './outcome.ts';
import type { PipelineInputs } from './pipeline-options.ts';
import { PipelineOutput, recordOf } from './pipeline-output.ts';
import type { PipelineRecord, PipelineResult } from './pipeline-output.ts';
import { toPsValue } from './plain-value.ts';
import type { PlainValue } from './plain-value.ts';

/**
 * A pipeline that runs, or waits for a runspace.
 *
 * Read it in one of three ways. `for await (const record of pipeline)` gives every record in order; `pipeline.output`
 * gives the values alone and keeps the other records for the result; `await pipeline.result` keeps all of them. While
 * nobody reads, the host is not asked for more than a little, so even endless output takes no memory. Leaving a loop
 * early stops the pipeline.
 */
export class RemotePipeline implements AsyncIterable<PipelineRecord> {
  readonly #pipeline: Pipeline;
  readonly #host: string;
  readonly #kept = new PipelineOutput();
  #result: Promise<PipelineResult> | undefined;
  #inputError: Error | undefined;

  /** @internal */
  constructor(pipeline: Pipeline, host: string) {
    this.#pipeline = pipeline;
    this.#host = host;
  }

  /** The id of the command on the host, with which another client can connect to it; undefined until it has begun. */
  get commandId(): string | undefined {
    return this.#pipeline.commandId;
  }

  /**
   * How it ended, with the records that were not read otherwise. Waits for the end, and reads all that nobody reads.
   *
   * A script that fails is a result with state `Failed`. Rejected with a `Failure`: `pipeline.outcome-unknown`,
   * `pipeline.timeout`, `pipeline.output-limit`, and whatever kept it from starting (`wsman.*`, `net.*`, `auth.*`).
   */
  get result(): Promise<PipelineResult> {
    this.#result ??= this.#readToEnd();
    return this.#result;
  }

  /** The values that it writes, in order. */
  get output(): AsyncIterableIterator<PsValue> {
    return this.#values();
  }

  /** Every record of every stream, in order. Throws the failures of `result` at its end. */
  async *[Symbol.asyncIterator](): AsyncIterableIterator<PipelineRecord> {
    yield* this.#records();
  }

  /** Gives it one more object as input, and resolves when that was sent. Only where it was started with `input: true`. */
  async write(value: PlainValue): Promise<void> {
    unwrap(await this.#pipeline.input.write(toPsValue(value)));
  }

  /** Ends the input. */
  async endInput(): Promise<void> {
    unwrap(await this.#pipeline.input.end());
  }

  /**
   * Asks it to stop, and waits for its end. Called again it is less gentle: it terminates the pipeline, then deletes
   * the shell. Never rejects.
   */
  async stop(): Promise<void> {
    this.#pipeline.stop();
    await this.#pipeline.ended;
  }

  /** @internal */
  async feed(input: PipelineInputs): Promise<void> {
    try {
      if (Symbol.iterator in input) {
        // All at once, so that they share envelopes.
        const written = [...input].map((value) => this.write(value));
        await Promise.all([...written, this.endInput()]);
      } else {
        for await (const value of input) await this.write(value);
        await this.endInput();
      }
    } catch (thrown) {
      // A pipeline may end before it has read all its input.
      if (thrown instanceof Failure && thrown.code === 'psrp.state') return;
      this.#inputError = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.#pipeline.stop();
    }
  }

  async *#records(): AsyncGenerator<PipelineRecord, void, undefined> {
    let isComplete = false;
    try {
      for (;;) {
        const event = await this.#pipeline.records.next();
        if (event === undefined) break;
        yield recordOf(event);
      }
      isComplete = true;
    } finally {
      if (!isComplete) this.#leave();
    }
    this.#check(await this.#pipeline.ended);
  }

  async *#values(): AsyncGenerator<PsValue, void, undefined> {
    for await (const record of this.#records()) {
      if (record.stream === 'output') yield record.value;
      else this.#kept.add(record);
    }
  }

  #leave(): void {
    this.#pipeline.records.discard();
    this.#pipeline.stop();
  }

  async #readToEnd(): Promise<PipelineResult> {
    for (;;) {
      const event = await this.#pipeline.records.next();
      if (event === undefined) break;
      this.#kept.add(recordOf(event));
    }
    const { state, reason } = this.#check(await this.#pipeline.ended);
    const { output, errors, warnings, verbose, debug, information, progress } = this.#kept;
    const hadErrors = state === 'Failed' || errors.length > 0;
    const { exitCode } = this.#pipeline;
    return {
      ...{ state, hadErrors, reason, exitCode },
      ...{ output, errors, warnings, verbose, debug, information, progress },
    };
  }

  /** Throws what kept it from ending as pipelines end. */
  #check(invocation: Invocation): Extract<Invocation, { kind: 'ended' }> {
    if (this.#inputError !== undefined) throw this.#inputError;
    const { timeouts = {} } = this.#pipeline.request;
    const running = { host: this.#host, what: 'The pipeline', timeouts };
    const { kind, timedOut: limit } = invocation;
    const isStopped =
      kind === 'ended' ? invocation.state === 'Stopped' : invocation.failure.code === 'net.aborted';
    if (limit !== undefined && isStopped)
      throw timedOut(running, limit, { started: kind !== 'not-started', stopped: kind === 'ended' });
    if (kind === 'not-started') throw invocation.failure;
    if (kind === 'lost') throw unknownOutcome(running, invocation.failure);
    return invocation;
  }
}
