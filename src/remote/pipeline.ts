import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { seconds } from '../core/time.ts';
import type { Timers } from '../ports/timers.ts';
import type { PipelineEvent } from '../wire/psrp/client-event.ts';
import type { PsrpClient } from '../wire/psrp/client.ts';
import type { PsCommand } from '../wire/psrp/command.ts';
import { isFinal } from '../wire/psrp/states.ts';
import type { Received } from '../wire/wsman/receive.ts';
import { signalCodes } from '../wire/wsman/signal.ts';
import { failedCommand } from './invocation.ts';
import type { Invocation } from './invocation.ts';
import { PipelineRecords } from './pipeline-records.ts';
import type { WsmanClient } from './wsman-client.ts';
import type { ShellRef } from './wsman-exchange.ts';

/** What a pipeline needs of its pool. */
export interface PipelineLink {
  readonly psrp: PsrpClient;
  readonly wsman: WsmanClient;
  /** A second connection, since a Receive blocks the first. */
  readonly control: WsmanClient;
  readonly timers: Timers;
  readonly shell: ShellRef;
}

type PipelineStateEvent = Extract<PipelineEvent, { kind: 'pipeline-state' }>;

/** A pipeline that was asked to stop gets this long to say that it did. */
const stopGrace = seconds(5);
/** Fragments of one pipeline that are taken in at most; a script that gives more is not one of ours. */
const maxOutputBytes = 256 * 1024 * 1024;

/** One run of a pipeline: Command, further fragments, then Receive until it has ended. */
export class Pipeline {
  readonly #link: PipelineLink;
  /** The id by which PSRP knows it. */
  readonly #id: string;
  readonly #records = new PipelineRecords();
  readonly #cut = new AbortController();
  #commandId: string | undefined;
  #ended: Extract<Invocation, { kind: 'ended' }> | undefined;
  #receivedBytes = 0;
  #cancelGrace: () => void = () => undefined;

  constructor(link: PipelineLink, id: string) {
    this.#link = link;
    this.#id = id;
  }

  /** The id by which the server knows it: undefined until it has answered, and then owed a Terminate. */
  get commandId(): string | undefined {
    return this.#commandId;
  }

  /**
   * Runs the commands to their end.
   *
   * @param stop - Aborting stops the pipeline on the host and waits a little for its end, which is then `Stopped`.
   */
  async run(commands: readonly PsCommand[], stop: AbortSignal): Promise<Invocation> {
    if (stop.aborted) return { kind: 'not-started', failure: failure('net.aborted', { sent: false }) };
    const fragments = this.#link.psrp.createPipeline({ id: this.#id, commands, noInput: true });
    if (!fragments.ok) return { kind: 'not-started', failure: fragments.error };
    const onStop = (): void => this.#stop();
    stop.addEventListener('abort', onStop);
    try {
      const failed = await this.#start(fragments.value, stop);
      return failed ?? (await this.#receiveAll());
    } finally {
      stop.removeEventListener('abort', onStop);
      this.#cancelGrace();
      this.#link.psrp.abandon(this.#id);
    }
  }

  async #start(fragments: readonly Uint8Array[], stop: AbortSignal): Promise<Invocation | undefined> {
    const { wsman, shell } = this.#link;
    const [first = new Uint8Array(0), ...rest] = fragments;
    const command = { commandId: this.#id, fragments: first };
    const started = await wsman.command(shell, command, this.#cut.signal);
    if (!started.ok) return failedCommand(started.error);
    this.#commandId = started.value;
    if (stop.aborted) this.#signalStop();
    for (const data of rest) {
      const request = { stream: 'stdin', commandId: this.#commandId, data };
      const sent = await wsman.send(shell, request, this.#cut.signal);
      if (!sent.ok) return lost(sent.error);
    }
    return undefined;
  }

  async #receiveAll(): Promise<Invocation> {
    const { wsman, shell } = this.#link;
    while (this.#ended === undefined) {
      const request = { streams: 'stdout', commandId: this.#commandId };
      const answer = await wsman.receive(shell, request, this.#cut.signal);
      if (!answer.ok) return lost(answer.error);
      const failed = await this.#take(answer.value);
      if (failed !== undefined) return lost(failed);
    }
    return this.#ended;
  }

  async #take({ streams, state }: Received): Promise<Failure | undefined> {
    const { psrp } = this.#link;
    for (const { data } of streams) {
      this.#receivedBytes += data.length;
      if (this.#receivedBytes > maxOutputBytes)
        return failure('psrp.too-large', { maxBytes: maxOutputBytes });
      const taken = psrp.receive(data, this.#id);
      if (!taken.ok) return taken.error;
      const failed = await this.#handleEvents();
      if (failed !== undefined) return failed;
    }
    if (state !== 'done' || this.#ended !== undefined) return undefined;
    return failure('psrp.malformed', { reason: 'the command is done, but its pipeline never said how' });
  }

  async #handleEvents(): Promise<Failure | undefined> {
    const { psrp, wsman, shell } = this.#link;
    for (let event = psrp.next(); event !== undefined; event = psrp.next()) {
      this.#records.add(event);
      if (event.kind === 'pipeline-state') this.#end(event);
      if (event.kind !== 'send') continue;
      for (const data of event.fragments) {
        const answer = { stream: event.stream, commandId: this.#commandId, data };
        const sent = await wsman.send(shell, answer, this.#cut.signal);
        if (!sent.ok) return sent.error;
      }
    }
    return undefined;
  }

  #end({ state, reason }: PipelineStateEvent): void {
    if (isFinal(state)) this.#ended = { kind: 'ended', state, reason, records: this.#records };
  }

  #stop(): void {
    this.#cancelGrace = this.#link.timers.after(stopGrace, () => this.#cut.abort());
    this.#signalStop();
  }

  #signalStop(): void {
    if (this.#commandId === undefined) return;
    const request = { commandId: this.#commandId, code: signalCodes.stopPipeline };
    // Whatever it answers: the Receive sees the end, or the grace runs out.
    void this.#link.control.signal(this.#link.shell, request, this.#cut.signal);
  }
}

const lost = (reason: Failure): Invocation => ({ kind: 'lost', failure: reason });
