import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { seconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { HostCallEvent, PipelineEvent, PsrpClientEvent, SendEvent } from '../wire/psrp/client-event.ts';
import { PsrpClient } from '../wire/psrp/client.ts';
import { isAtLeast } from '../wire/psrp/session-capability.ts';
import type { Disconnect } from '../wire/wsman/disconnect.ts';
import { createRunspaceShell, protocolOption } from './create-runspace-shell.ts';
import { answerHostCall } from './host-answers.ts';
import type { HostLink } from './host-link.ts';
import type { PipelineLink, PipelineListener } from './pipeline-link.ts';
import { PoolChannel } from './pool-channel.ts';
import { PoolFacts } from './pool-facts.ts';
import { PoolQuestions } from './pool-questions.ts';
import { PoolReceiver } from './pool-receiver.ts';
import type { RunspaceShellOptions } from './runspace-shell-options.ts';
import { bounded, withLease } from './shell-calls.ts';
import { ShellPresence } from './shell-presence.ts';
import type { ShellRef } from './wsman-exchange.ts';

/** Tidying up must not hold anybody up. */
const closeTimeout = seconds(10);
/** A server that sends no key within this time will not send one. */
const keyTimeout = seconds(60);
/** The server decides how often it must be asked while it opens; nobody needs as many. */
const maxOpeningReceives = 100;
/** One runspace pool as one shell on one host, and what its pipelines need of it. */
export class RunspaceShell implements PipelineLink {
  readonly psrp: PsrpClient;
  readonly host: HostLink;
  readonly entropy: Entropy;
  readonly facts: PoolFacts;
  readonly questions: PoolQuestions;
  readonly #channel: PoolChannel;
  readonly #receiver: PoolReceiver;
  readonly #options: RunspaceShellOptions;
  readonly #pipelines = new Map<string, PipelineListener>();
  readonly #closed = new AbortController();
  readonly #presence: ShellPresence;
  #shell: Required<ShellRef>;
  /** Whether there is, or may be, a shell on the host that we have to delete. */
  #isOurs = false;
  #broken: Failure | undefined;

  private constructor(options: RunspaceShellOptions, shellId: string) {
    const { link, timers } = options;
    this.#options = options;
    this.host = link;
    this.entropy = options.entropy;
    this.facts = new PoolFacts(options);
    this.#shell = { resourceUri: options.resourceUri, shellId };
    this.psrp = new PsrpClient({
      ...options,
      ...{ poolId: shellId, maxFragmentBytes: link.control.maxPayloadBytes },
    });
    const here = { host: link, closed: this.#closed.signal, shell: () => this.#shell };
    this.#channel = new PoolChannel({ ...here, take: (data) => this.take(data) });
    const receiver: PoolReceiver = new PoolReceiver(link.host, (isWanted) =>
      this.psrp.poolState === 'Opened' && !receiver.isListening
        ? this.#channel.receiveSoon()
        : this.#channel.receiveLeased(isWanted),
    );
    this.#receiver = receiver;
    this.#presence = new ShellPresence({ ...here, timers, reconnectFor: options.reconnectFor });
    this.questions = new PoolQuestions({
      ...{ host: link.host, psrp: this.psrp, receiver, timers },
      ...(options.keys === undefined ? {} : { keys: options.keys }),
      send: (fragments, signal) => this.#channel.send('stdin', fragments, signal),
    });
  }

  /**
   * Creates the shell and waits until its pool is opened; a shell that was made is deleted again on any failure.
   *
   * Failures: those of `WsmanClient`, `psrp.*`, `clixml.*`.
   */
  static async open(options: RunspaceShellOptions, signal: AbortSignal): Promise<Result<RunspaceShell>> {
    const shell = new RunspaceShell(options, options.entropy.uuid().toUpperCase());
    const opened = await shell.#open(signal);
    if (opened.ok) return ok(shell);
    await shell.delete();
    return opened;
  }

  /** Takes over a pool that another client left. Failures as of `open`; `wsman.shell-gone` where there is none. */
  static async connect(
    options: RunspaceShellOptions,
    shellId: string,
    signal: AbortSignal,
  ): Promise<Result<RunspaceShell>> {
    const shell = new RunspaceShell(options, shellId);
    const connected = await shell.#connect(signal);
    return connected.ok ? ok(shell) : connected;
  }

  get shell(): Required<ShellRef> {
    return this.#shell;
  }

  /** Why nothing can be done with it any more; undefined while it is well. */
  get broken(): Failure | undefined {
    return this.#broken;
  }

  attach(pipeline: PipelineListener): void {
    this.#pipelines.set(pipeline.id, pipeline);
  }

  detach(pipeline: PipelineListener): void {
    this.#pipelines.delete(pipeline.id);
  }

  take(data: Uint8Array, pipelineId?: string): Result<void> {
    const taken = this.psrp.receive(data, pipelineId);
    const events: PipelineEvent[] = [];
    for (let event = this.psrp.next(); event !== undefined; event = this.psrp.next()) {
      if (isOfPipeline(event)) events.push(event);
      else this.#dispatch(event);
    }
    if (pipelineId !== undefined && events.length > 0)
      this.#pipelines.get(pipelineId)?.take(events, data.length);
    // What can no longer be read can no longer be used, by any pipeline.
    if (!taken.ok) this.#break(taken.error);
    return taken;
  }

  exchangeKeys(signal: AbortSignal, timeout: Duration = keyTimeout): Promise<Result<void>> {
    return this.questions.exchangeKeys(timeout, signal);
  }

  async recover(reason: Failure, brokenSince: number, signal: AbortSignal): Promise<Failure | undefined> {
    return this.#broken ?? this.#presence.recover(reason, brokenSince, signal);
  }

  /** Leaves it on the host; who reads its pipelines waits until `reconnect`. */
  async disconnect(request: Disconnect, signal: AbortSignal): Promise<Result<void>> {
    const left = await this.#presence.disconnect(request, signal);
    if (left.ok) this.psrp.disconnected();
    return left;
  }

  async reconnect(signal: AbortSignal): Promise<Result<void>> {
    const back = await this.#presence.reconnect(signal);
    if (back.ok) this.psrp.reconnected();
    return back;
  }

  /** Resolves when it is connected, or `signal` aborts. */
  async untilBack(signal: AbortSignal): Promise<void> {
    await this.#presence.untilBack(signal);
  }

  /** It is no longer ours to delete. */
  disown(): void {
    this.#isOurs = false;
  }

  listen(): () => void {
    // Since Windows 8 a server asks for nothing by itself; before, it waits for our key where a script gives a secret.
    return isAtLeast(this.psrp.protocolVersion, '2.2') ? () => undefined : this.#receiver.listen();
  }

  deleteShell(): void {
    void this.delete();
  }

  /** Deletes the shell and gives its pipelines up. Never fails: what is gone already is fine too. */
  async delete(): Promise<void> {
    const { link, timers } = this.#options;
    const reason = failure('psrp.pool-broken', { host: link.host, reason: 'it was closed here' });
    this.#broken ??= reason;
    if (this.#isOurs) {
      this.#isOurs = false;
      await bounded(timers, closeTimeout, (signal) => link.control.delete(this.#shell, signal));
    }
    this.#closed.abort();
    this.#break(reason);
  }

  async #open(signal: AbortSignal): Promise<Result<void>> {
    const creationXml = this.psrp.open();
    if (!creationXml.ok) return creationXml;
    const ids = { shellId: this.#shell.shellId, creationXml: creationXml.value };
    const created = await withLease(this.host, signal, (wsman) =>
      createRunspaceShell(wsman, this.#options, ids, signal),
    );
    // The answer got lost, perhaps: the shell has our id, so it can be deleted without knowing more.
    this.#isOurs = created.ok || created.error.details['sent'] === true;
    if (!created.ok) return created;
    this.#shell = { ...this.#shell, shellId: created.value.shellId };
    return this.#receiver.waitFor(() => this.#opened(), signal, maxOpeningReceives);
  }

  #opened(): Result<void> | undefined {
    if (this.#broken !== undefined) return err(this.#broken);
    return this.psrp.poolState === 'Opened' ? ok(undefined) : undefined;
  }

  async #connect(signal: AbortSignal): Promise<Result<void>> {
    const connectXml = this.psrp.connect();
    if (!connectXml.ok) return connectXml;
    const connected = await withLease(this.host, signal, (wsman) =>
      wsman.connect(this.#shell, { connectXml: connectXml.value }, [protocolOption], signal),
    );
    if (!connected.ok) return connected;
    this.#isOurs = true;
    const taken = this.take(connected.value.connectResponseXml ?? new Uint8Array(0));
    if (!taken.ok) return taken;
    // The server says who it is with the next Receive; a pool that is silent about it is as good.
    const isTold = (): Result<void> | undefined =>
      this.facts.server.announced === null ? undefined : ok(undefined);
    await this.#receiver.waitFor(isTold, signal, 1);
    return (
      this.#opened() ?? err(failure('psrp.pool-broken', { host: this.host.host, reason: 'it never opened' }))
    );
  }

  #dispatch(event: Exclude<PsrpClientEvent, PipelineEvent>): void {
    this.facts.take(event);
    switch (event.kind) {
      case 'session-capability':
        if (!isAtLeast(event.protocolVersion, '2.2')) break;
        this.host.useLargeEnvelopes();
        this.psrp.setMaxFragmentBytes(this.host.control.maxPayloadBytes);
        break;
      case 'pool-state':
        if (event.state === 'Broken' || event.state === 'Closed') {
          const details = { host: this.host.host, reason: event.reason?.message ?? event.state };
          this.#break(failure('psrp.pool-broken', details));
        }
        break;
      case 'public-key-request':
        void this.exchangeKeys(this.#closed.signal);
        break;
      case 'runspace-availability':
        this.questions.take(event.callId, event.answer);
        break;
      case 'host-call':
        void this.#hostCall(event);
        break;
      case 'send':
        this.#send(event);
        break;
      default:
        break;
    }
  }

  async #hostCall(event: HostCallEvent): Promise<void> {
    const pipeline = event.pipelineId === undefined ? undefined : this.#pipelines.get(event.pipelineId);
    const { answers } = this.#options;
    if (pipeline !== undefined) pipeline.hostCall(event);
    else if (answers !== undefined) {
      const fragments = await answerHostCall(this.psrp, event, answers);
      if (fragments.ok) await this.#channel.send('pr', fragments.value);
    }
  }

  #send({ pipelineId, stream, fragments }: SendEvent): void {
    const pipeline = pipelineId === undefined ? undefined : this.#pipelines.get(pipelineId);
    if (pipeline !== undefined) pipeline.send(stream, fragments);
    else void this.#channel.send(stream, fragments);
  }

  #break(reason: Failure): void {
    this.#broken ??= reason;
    for (const pipeline of [...this.#pipelines.values()]) pipeline.lose(reason);
    this.#receiver.failAll(reason);
  }
}

function isOfPipeline(event: PsrpClientEvent): event is PipelineEvent {
  return 'pipelineId' in event && event.kind !== 'send' && event.kind !== 'host-call';
}
