import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { milliseconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Timers } from '../ports/timers.ts';
import type { CommandLine } from '../wire/wsman/command-line.ts';
import type { Received, StreamData } from '../wire/wsman/receive.ts';
import { signalCodes } from '../wire/wsman/signal.ts';
import { CommandReceives } from './command-receives.ts';
import type { HostLink, Lease } from './host-link.ts';
import { failedCommand } from './invocation.ts';
import { ProcessInput } from './cmd-input.ts';
import { ReadAhead } from './read-ahead.ts';
import { RunStop } from './run-stop.ts';
import { RunWatch } from './run-watch.ts';
import type { RunTimeouts, TimeoutKind } from './run-watch.ts';
import { isPassing, waitToRetry } from './shell-recovery.ts';
import type { ShellRef } from './wsman-exchange.ts';

/** What a program is run with, and within which bounds. */
export interface ProcessRequest {
  readonly line: Omit<CommandLine, 'commandId'>;
  readonly timeouts?: RunTimeouts;
  /** Bytes of both streams that are taken in at most; a program that gives more is stopped. */
  readonly maxOutputBytes?: number;
}

/** How a program came out, seen from here. */
export type ProcessOutcome = (
  | { readonly kind: 'ended'; readonly exitCode: number }
  | { readonly kind: 'not-started'; readonly failure: Failure }
  /** It was sent; whether it began, went on or ended is not known. */
  | { readonly kind: 'lost'; readonly failure: Failure }
) & { readonly timedOut?: TimeoutKind };

/** What a process needs of the shell it runs in. */
export interface ProcessLink {
  readonly shell: ShellRef;
  readonly host: HostLink;
  readonly entropy: Entropy;
  /** How long a lost connection is tried again before it is given up. */
  readonly reconnectFor: Duration;
  deleteShell(): void;
}

/** Bytes that wait for a slow reader; no Receive is sent beyond it. */
const maxUnreadBytes = 512 * 1024;
const timeoutGrace = milliseconds(750);

/** One program in a cmd shell: Command, input, then Receive until it has ended. */
export class CmdProcess {
  /** Pieces of both streams in the order in which the host gave them; ends with the program. */
  readonly chunks = new ReadAhead<StreamData>(maxUnreadBytes);
  readonly input = new ProcessInput();
  /** How it came out. Never rejects. */
  readonly ended: Promise<ProcessOutcome>;
  readonly request: ProcessRequest;
  readonly #timers: Timers;
  readonly #finish: (outcome: ProcessOutcome) => void;
  readonly #stop: RunStop;
  readonly #watch: RunWatch;
  readonly #cut = new AbortController();
  readonly #unwanted = new AbortController();
  readonly #begun = Promise.withResolvers<undefined>();
  #link: ProcessLink | undefined;
  #commandId: string | undefined;
  #timedOut: TimeoutKind | undefined;
  #receivedBytes = 0;

  constructor(request: ProcessRequest, timers: Timers) {
    this.request = request;
    this.#timers = timers;
    const { promise, resolve } = Promise.withResolvers<ProcessOutcome>();
    this.ended = promise;
    this.#finish = resolve;
    this.#stop = new RunStop(timers, {
      ask: (signal) => this.#signal(signalCodes.ctrlC, signal),
      terminate: (signal) => this.#signal(signalCodes.terminate, signal),
      giveUp: () => this.#cut.abort(),
      deleteShell: () => this.#link?.deleteShell(),
    });
    this.#watch = new RunWatch(timers, request.timeouts ?? {}, (kind) => this.#timeOut(kind));
  }

  get commandId(): string | undefined {
    return this.#commandId;
  }

  /** Whether the host was told to free it already. */
  get isTerminated(): boolean {
    return this.#stop.isTerminated;
  }

  /** Aborts when nobody wants it any more before it began. */
  get unwanted(): AbortSignal {
    return this.#unwanted.signal;
  }

  /** Sends Control-C; each further call is less gentle: it terminates the program, then deletes the shell. */
  stop(): void {
    this.#stop.demand();
    if (this.#link === undefined) this.#unwanted.abort();
  }

  /** Sends a key to the program as soon as it has begun; it may do with it what it likes. */
  async interrupt(key: 'ctrlC' | 'ctrlBreak'): Promise<Result<void>> {
    await Promise.race([this.#begun.promise, this.ended]);
    return this.#signal(signalCodes[key], this.#cut.signal);
  }

  /** Runs it over a connection that it has for itself. */
  async run(link: ProcessLink, lease: Lease): Promise<ProcessOutcome> {
    if (this.#stop.isAsked) return { kind: 'not-started', failure: failure('net.aborted', { sent: false }) };
    this.#link = link;
    const { signal } = this.#cut;
    const started = await lease.wsman.run(link.shell, this.request.line, signal);
    if (!started.ok) return failedProcess(started.error);
    const commandId = started.value;
    this.#commandId = commandId;
    this.#begun.resolve(undefined);
    const channel = { shell: link.shell, commandId, signal };
    const sent = await this.input.use({ ...channel, wsman: lease.wsman });
    if (!sent.ok) return lost(sent.error);
    // From now on this connection waits for output, and what must be said goes over another.
    await this.input.use({ ...channel, wsman: link.host.control });
    this.#stop.started();
    return this.#receiveAll(link, lease, commandId);
  }

  /** Its shell is gone: nothing more will come. */
  lose(): void {
    this.#cut.abort();
  }

  /** Says how it came out; the last thing that happens to it. */
  end(outcome: ProcessOutcome): void {
    const timedOut = this.#timedOut;
    this.#stop.end();
    this.#watch.end();
    this.input.close(failure('psrp.state', { action: 'Sending input', what: 'program', state: 'ended' }));
    this.chunks.end();
    this.#finish(timedOut === undefined ? outcome : { ...outcome, timedOut });
  }

  async #receiveAll(link: ProcessLink, { wsman }: Lease, commandId: string): Promise<ProcessOutcome> {
    const { shell, entropy } = link;
    const receives = new CommandReceives({ wsman, shell, entropy, streams: 'stdout stderr', commandId });
    const { signal } = this.#cut;
    let brokenSince: number | undefined;
    this.#watch.heard();
    for (;;) {
      if (!this.chunks.hasRoom) await this.#waitForReader();
      const answer = await receives.next(signal);
      if (answer.ok) {
        brokenSince = undefined;
        const outcome = this.#take(link, answer.value);
        if (outcome !== undefined) return outcome;
        continue;
      }
      if (signal.aborted || this.#stop.isTerminated) return lost(failure('net.aborted', { sent: true }));
      brokenSince ??= this.#timers.monotonic();
      const { reconnectFor } = link;
      const isWorthIt =
        isPassing(answer.error) &&
        (await waitToRetry(this.#timers, { brokenSince, patience: reconnectFor }, signal));
      if (!isWorthIt) return lost(answer.error);
    }
  }

  /** The host is not asked meanwhile, so that it holds the program up and nothing piles up here. */
  async #waitForReader(): Promise<void> {
    this.#watch.pause();
    await this.chunks.room(this.#cut.signal);
    this.#watch.heard();
  }

  #take({ host }: ProcessLink, { streams, state, exitCode }: Received): ProcessOutcome | undefined {
    if (streams.length > 0) this.#watch.heard();
    const { maxOutputBytes } = this.request;
    for (const chunk of streams) {
      this.#receivedBytes += chunk.data.length;
      if (maxOutputBytes !== undefined && this.#receivedBytes > maxOutputBytes)
        return lost(failure('pipeline.output-limit', { host: host.host, maxBytes: maxOutputBytes }));
      if (chunk.data.length > 0) this.chunks.push(chunk, chunk.data.length);
    }
    if (state !== 'done') return undefined;
    if (exitCode !== undefined) return { kind: 'ended', exitCode };
    const reason = 'the program has ended, and no exit code was sent';
    return lost(failure('wsman.malformed', { action: 'Receive', reason }));
  }

  #timeOut(kind: TimeoutKind): void {
    if (this.#stop.isAsked) return;
    this.#timedOut = kind;
    this.#stop.hurry(timeoutGrace);
    if (this.#link === undefined) this.#unwanted.abort();
  }

  async #signal(code: string, signal: AbortSignal): Promise<Result<void>> {
    if (this.#link === undefined || this.#commandId === undefined) return ok(undefined);
    const { host, shell } = this.#link;
    return host.control.signal(shell, { commandId: this.#commandId, code }, signal);
  }
}

const lost = (reason: Failure): ProcessOutcome => ({ kind: 'lost', failure: reason });

function failedProcess(reason: Failure): ProcessOutcome {
  return failedCommand(reason).kind === 'not-started'
    ? { kind: 'not-started', failure: reason }
    : lost(reason);
}
