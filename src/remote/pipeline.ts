import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { integerOf } from '../core/ps-value.ts';
import type { Result } from '../core/result.ts';
import { milliseconds, seconds } from '../core/time.ts';
import type { Timers } from '../ports/timers.ts';
import type { HostCallEvent, PipelineEvent } from '../wire/psrp/client-event.ts';
import type { PsrpClient } from '../wire/psrp/client.ts';
import { isFinal } from '../wire/psrp/states.ts';
import type { Received } from '../wire/wsman/receive.ts';
import { signalCodes } from '../wire/wsman/signal.ts';
import { CommandReceives } from './command-receives.ts';
import { answerHostCall } from './host-answers.ts';
import type { HostAnswers } from './host-answers.ts';
import type { Lease } from './host-link.ts';
import { failedCommand } from './invocation.ts';
import type { Invocation } from './invocation.ts';
import { PipelineInput, withKey } from './pipeline-input.ts';
import type { PipelineLink, PipelineListener } from './pipeline-link.ts';
import type { PipelineRequest } from './pipeline-request.ts';
import { startPipeline } from './pipeline-start.ts';
import { PipelineStream } from './pipeline-stream.ts';
import type { PipelineRecord } from './pipeline-stream.ts';
import type { ReadAhead } from './read-ahead.ts';
import { RunStop } from './run-stop.ts';
import { RunWatch } from './run-watch.ts';
import type { TimeoutKind } from './run-watch.ts';

/** After this silence the pool itself is asked whether it wants something, such as a session key. */
const silence = seconds(3);
/** A pipeline that ran out of time gets this long to say that it stopped: who set a limit waits no longer. */
const timeoutGrace = milliseconds(750);

/**
 * One pipeline: Command, further fragments, then Receive until it has ended.
 *
 * It exists before its pool has room for it, so that it can be read, written to and stopped from the beginning.
 */
export class Pipeline implements PipelineListener {
  /** GUID by which PSRP knows it. */
  readonly id: string;
  readonly input: PipelineInput;
  /** How it came out. Never rejects. */
  readonly ended: Promise<Invocation>;
  /** Resolves once the host has begun it, or it has ended without. */
  readonly begun: Promise<void>;
  readonly request: PipelineRequest;
  readonly #timers: Timers;
  readonly #finish: (invocation: Invocation) => void;
  readonly #begin: () => void;
  readonly #stop: RunStop;
  readonly #watch: RunWatch;
  readonly #cut = new AbortController();
  readonly #unwanted = new AbortController();
  readonly #stream = new PipelineStream();
  #link: PipelineLink | undefined;
  #fragments: readonly Uint8Array[] = [];
  #commandId: string | undefined;
  #outcome: Invocation | undefined;
  #exitCode: number | undefined;
  #timedOut: TimeoutKind | undefined;
  #receivedBytes = 0;

  constructor(id: string, request: PipelineRequest, timers: Timers) {
    this.id = id;
    this.request = request;
    this.#timers = timers;
    this.input = new PipelineInput(id);
    const { promise, resolve } = Promise.withResolvers<Invocation>();
    this.ended = promise;
    this.#finish = resolve;
    const begun = Promise.withResolvers<undefined>();
    this.begun = begun.promise;
    this.#begin = () => begun.resolve(undefined);
    this.#stop = new RunStop(timers, {
      ask: (signal) => this.#signal(signalCodes.stopPipeline, signal),
      terminate: (signal) => this.#signal(signalCodes.terminate, signal),
      giveUp: () => this.#cut.abort(),
      deleteShell: () => this.#link?.deleteShell(),
    });
    this.#watch = new RunWatch(timers, request.timeouts ?? {}, (kind) => this.#timeOut(kind));
  }

  /** What it writes, in order; ends with the pipeline. */
  get records(): ReadAhead<PipelineRecord> {
    return this.#stream.records;
  }

  /** The id by which the server knows it: undefined until it has answered, and then owed a Terminate. */
  get commandId(): string | undefined {
    return this.#commandId;
  }

  /** Whether the host was told to free it already. */
  get isTerminated(): boolean {
    return this.#stop.isTerminated;
  }

  /** Aborts when nobody wants it any more before it began, so that it need not wait for its turn. */
  get unwanted(): AbortSignal {
    return this.#unwanted.signal;
  }

  /** What a script gave to `exit`, where the host was told of it. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** Asks it to stop; each further call is less gentle: it terminates it, then deletes the shell it runs in. */
  stop(): void {
    this.#stop.demand();
    if (this.#link === undefined) this.#unwanted.abort();
  }

  /**
   * Writes its messages, before it has a connection: a SecureString among them needs a key first, which comes over one.
   *
   * @returns Undefined where it can be run.
   */
  async prepare(link: PipelineLink): Promise<Invocation | undefined> {
    if (this.#stop.isAsked) return this.#neverBegun();
    const create = (): Result<readonly Uint8Array[]> => this.request.create(link.psrp, this.id);
    const fragments = await withKey(create, () => link.exchangeKeys(this.#unwanted.signal));
    if (!fragments.ok) return { kind: 'not-started', failure: fragments.error };
    this.#fragments = fragments.value;
    return undefined;
  }

  /** Runs it over a connection that it has for itself. */
  async run(link: PipelineLink, lease: Lease): Promise<Invocation> {
    if (this.#stop.isAsked) return this.#neverBegun();
    return this.#within(link, async () => {
      const failed = await this.#start(link, lease);
      return failed ?? (await this.#receiveAll(link, lease, this.#commandId ?? this.id));
    });
  }

  /** Takes over a pipeline that another client began; it runs as `commandId` on the host. */
  resume(link: PipelineLink, lease: Lease, commandId: string): Promise<Invocation> {
    this.#commandId = commandId;
    return this.#within(link, async () => {
      this.#started();
      return this.#receiveAll(link, lease, commandId);
    });
  }

  /** Hands over what its stream brought. */
  take(events: readonly PipelineEvent[], bytes: number): void {
    const share = bytes / Math.max(1, events.length);
    for (const event of events) {
      if (event.kind !== 'pipeline-state') this.#stream.add(event, share);
      else if (isFinal(event.state)) {
        this.#outcome = { kind: 'ended', state: event.state, reason: event.reason };
      }
    }
  }

  send(stream: string, fragments: readonly Uint8Array[]): void {
    void this.input.send(stream, fragments);
  }

  hostCall(event: HostCallEvent): void {
    if (event.call.method === 'SetShouldExit') this.#exitCode = integerOf(event.call.parameters[0]);
    const { answers } = this.request;
    if (answers !== undefined && this.#link !== undefined) void this.#answer(this.#link.psrp, event, answers);
  }

  /** Its pool broke: nothing more will come. */
  lose(reason: Failure): void {
    this.#outcome ??= { kind: 'lost', failure: reason };
    this.#cut.abort();
  }

  /** Says how it came out; the last thing that happens to it. */
  end(invocation: Invocation): void {
    const timedOut = this.#timedOut;
    this.#stop.end();
    this.#watch.end();
    this.input.close(failure('psrp.state', { action: 'Sending input', what: 'pipeline', state: 'ended' }));
    this.records.end();
    this.#begin();
    this.#finish(timedOut === undefined ? invocation : { ...invocation, timedOut });
  }

  #started(): void {
    this.#stop.started();
    this.#begin();
  }

  #neverBegun(): Invocation {
    return { kind: 'not-started', failure: failure('net.aborted', { sent: false }) };
  }

  async #within(link: PipelineLink, act: () => Promise<Invocation>): Promise<Invocation> {
    this.#link = link;
    this.input.created(link.psrp, () => link.exchangeKeys(this.#cut.signal));
    link.attach(this);
    try {
      return await act();
    } finally {
      link.detach(this);
      link.psrp.abandon(this.id);
    }
  }

  async #start(link: PipelineLink, lease: Lease): Promise<Invocation | undefined> {
    const started = await startPipeline(link, lease, {
      ...{ id: this.id, fragments: this.#fragments, input: this.input, signal: this.#cut.signal },
      begun: (commandId) => {
        this.#commandId = commandId;
      },
    });
    if (!started.ok) {
      const { at, failure: reason } = started.error;
      return at === 'command' ? failedCommand(reason) : lost(reason);
    }
    this.#started();
    return undefined;
  }

  async #receiveAll(link: PipelineLink, { wsman }: Lease, commandId: string): Promise<Invocation> {
    const { shell, entropy } = link;
    const receives = new CommandReceives({ wsman, shell, entropy, streams: 'stdout', commandId });
    const { signal } = this.#cut;
    let brokenSince: number | undefined;
    this.#watch.heard();
    for (;;) {
      if (!this.records.hasRoom) await this.#waitForReader();
      const answer = await this.#listening(link, () => receives.next(signal));
      const failed = answer.ok ? this.#takeAnswer(link, answer.value) : undefined;
      if (this.#stream.isSealed) await this.#stream.unseal(link.psrp, () => link.exchangeKeys(signal));
      if (this.#outcome !== undefined) return this.#outcome;
      if (failed !== undefined) return lost(failed);
      if (answer.ok) {
        brokenSince = undefined;
        continue;
      }
      brokenSince ??= this.#timers.monotonic();
      const final = this.#cutFailure() ?? (await link.recover(answer.error, brokenSince, signal));
      if (final !== undefined) return lost(this.#cutFailure() ?? final);
    }
  }

  async #listening<T>(link: PipelineLink, act: () => Promise<T>): Promise<T> {
    let stopListening = (): void => undefined;
    const cancel = this.#timers.after(silence, () => (stopListening = link.listen()));
    try {
      return await act();
    } finally {
      cancel();
      stopListening();
    }
  }

  /** The host is not asked meanwhile, so that it holds the pipeline up and nothing piles up here. */
  async #waitForReader(): Promise<void> {
    this.#watch.pause();
    await this.records.room(this.#cut.signal);
    this.#watch.heard();
  }

  #takeAnswer(link: PipelineLink, { streams, state }: Received): Failure | undefined {
    if (streams.length > 0) this.#watch.heard();
    const { maxOutputBytes } = this.request;
    for (const { data } of streams) {
      this.#receivedBytes += data.length;
      if (maxOutputBytes !== undefined && this.#receivedBytes > maxOutputBytes)
        return failure('pipeline.output-limit', { host: link.host.host, maxBytes: maxOutputBytes });
      const taken = link.take(data, this.id);
      if (!taken.ok) return taken.error;
    }
    // A failure costs much more than a comparison, and this is the way of every pipeline.
    if (state !== 'done' || this.#outcome !== undefined) return undefined;
    return failure('psrp.malformed', { reason: 'the command is done, but its pipeline never said how' });
  }

  async #answer(psrp: PsrpClient, event: HostCallEvent, answers: HostAnswers): Promise<void> {
    const fragments = await answerHostCall(psrp, event, answers);
    if (fragments.ok && fragments.value.length > 0) this.send('pr', fragments.value);
  }

  #cutFailure(): Failure | undefined {
    return this.#cut.signal.aborted || this.#stop.isTerminated
      ? failure('net.aborted', { sent: true })
      : undefined;
  }

  #timeOut(kind: TimeoutKind): void {
    if (this.#stop.isAsked) return;
    this.#timedOut = kind;
    this.#stop.hurry(timeoutGrace);
    if (this.#link === undefined) this.#unwanted.abort();
  }

  async #signal(code: string, signal: AbortSignal): Promise<void> {
    if (this.#link === undefined || this.#commandId === undefined) return;
    const { host, shell } = this.#link;
    await host.control.signal(shell, { commandId: this.#commandId, code }, signal);
  }
}

const lost = (reason: Failure): Invocation => ({ kind: 'lost', failure: reason });
