import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Disconnect } from '../wire/wsman/disconnect.ts';
import type { Lease } from './host-link.ts';
import { foundNoShell, wasDisconnected } from './invocation.ts';
import type { Invocation } from './invocation.ts';
import { OwedTerminates } from './owed-terminates.ts';
import { Pipeline } from './pipeline.ts';
import type { PipelineRequest } from './pipeline-request.ts';
import { RunspaceShell } from './runspace-shell.ts';
import type { PoolServer, RunspaceShellOptions } from './runspace-shell-options.ts';
import { Slots } from './slots.ts';

export interface RunspacePoolOptions extends RunspaceShellOptions {
  /** Whether a pipeline that finds the shell gone, with nothing else under way, gets a new shell (once). */
  readonly renews: boolean;
}

/**
 * Runspaces on one host: as many pipelines at once as the pool has runspaces, each over a connection of its own; more
 * wait for their turn.
 */
export class RunspacePool {
  readonly #options: RunspacePoolOptions;
  readonly #slots: Slots;
  readonly #owed: OwedTerminates;
  readonly #running = new Set<Pipeline>();
  /** Those that run and, behind them, those that wait for their turn. */
  readonly #unended = new Set<Pipeline>();
  readonly #closed = new AbortController();
  #shell: RunspaceShell;

  private constructor(options: RunspacePoolOptions, shell: RunspaceShell) {
    this.#options = options;
    this.#shell = shell;
    this.#slots = new Slots(shell.facts.bounds.maxRunspaces);
    this.#owed = new OwedTerminates(options.link, options.timers, () => this.#shell.shell);
  }

  /**
   * Creates the shell and waits until its pool is opened; a shell that was made is deleted again on any failure.
   *
   * Failures: those of `WsmanClient`, `psrp.*`, `clixml.*`.
   */
  static async open(options: RunspacePoolOptions, signal: AbortSignal): Promise<Result<RunspacePool>> {
    const shell = await RunspaceShell.open(options, signal);
    return shell.ok ? ok(new RunspacePool(options, shell.value)) : shell;
  }

  /** Takes over a pool that another client left. Failures as of `open`; `wsman.shell-gone` where there is none. */
  static async connect(
    options: RunspacePoolOptions,
    shellId: string,
    signal: AbortSignal,
  ): Promise<Result<RunspacePool>> {
    const shell = await RunspaceShell.connect(options, shellId, signal);
    return shell.ok ? ok(new RunspacePool(options, shell.value)) : shell;
  }

  /** The shell that pipelines run in now. */
  get shell(): RunspaceShell {
    return this.#shell;
  }

  /** What the server said of itself. */
  get server(): PoolServer {
    return this.#shell.facts.server;
  }

  /** Runs a pipeline as soon as there is room for it. */
  start(request: PipelineRequest): Pipeline {
    const { entropy, timers } = this.#options;
    const pipeline = new Pipeline(entropy.uuid().toUpperCase(), request, timers);
    void this.#conduct(pipeline, (unwanted) => this.#run(pipeline, unwanted));
    return pipeline;
  }

  /** Runs a pipeline inside the one that runs now, for which it needs no room. */
  startNested(request: PipelineRequest): Pipeline {
    const { entropy, timers } = this.#options;
    const pipeline = new Pipeline(entropy.uuid().toUpperCase(), request, timers);
    void this.#run(pipeline, pipeline.unwanted).then((outcome) => this.#end(pipeline, outcome));
    return pipeline;
  }

  /** Goes on with a pipeline that another client began in this pool. */
  connectPipeline(commandId: string, request: PipelineRequest): Pipeline {
    const pipeline = new Pipeline(commandId, request, this.#options.timers);
    void this.#conduct(pipeline, (unwanted) => this.#adopt(pipeline, commandId, unwanted));
    return pipeline;
  }

  /** Asks for at least or at most so many runspaces. Failure also `pool.request-refused`. */
  async setRunspaces(
    kind: 'set-min-runspaces' | 'set-max-runspaces',
    count: number,
    signal: AbortSignal,
  ): Promise<Result<void>> {
    const answer = await this.#shell.questions.ask({ kind, count }, signal);
    if (!answer.ok) return answer;
    if (answer.value === false) {
      const request = kind === 'set-min-runspaces' ? 'a minimum of' : 'a maximum of';
      return err(failure('pool.request-refused', { host: this.#options.link.host, request, count }));
    }
    this.#shell.facts.setBounds(
      kind === 'set-min-runspaces' ? { minRunspaces: count } : { maxRunspaces: count },
    );
    this.#slots.limit = this.#shell.facts.bounds.maxRunspaces;
    return ok(undefined);
  }

  /** Whether the host has the shell, connected to us. */
  async isAlive(signal: AbortSignal): Promise<Result<boolean>> {
    const { link } = this.#options;
    const got = await link.control.getShell(this.#shell.shell.shellId, signal);
    if (got.ok) return ok(got.value.state !== 'Disconnected');
    return got.error.code === 'wsman.shell-gone' ? ok(false) : got;
  }

  /** Leaves the shell on the host with what runs in it; readers wait until it is reconnected. */
  async disconnect(request: Disconnect, signal: AbortSignal): Promise<Result<void>> {
    // Those that have a runspace go along, and so must have begun; the others begin when we are back.
    const first = [...this.#unended].slice(0, this.#slots.limit);
    const isAborted = Promise.withResolvers<undefined>();
    const abort = (): void => isAborted.resolve(undefined);
    signal.addEventListener('abort', abort);
    for (const { begun } of first) await Promise.race([isAborted.promise, begun]);
    signal.removeEventListener('abort', abort);
    return this.#shell.disconnect(request, signal);
  }

  reconnect(signal: AbortSignal): Promise<Result<void>> {
    return this.#shell.reconnect(signal);
  }

  /** Forgets the shell, which stays on the host. */
  async leave(): Promise<void> {
    this.#shell.disown();
    await this.close();
  }

  /** Deletes the shell, and with it all that runs in it. Never fails: what is gone already is fine too. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#owed.drop();
    await this.#shell.delete();
  }

  async #conduct(pipeline: Pipeline, run: (unwanted: AbortSignal) => Promise<Invocation>): Promise<void> {
    const unwanted = AbortSignal.any([pipeline.unwanted, this.#closed.signal]);
    this.#unended.add(pipeline);
    const isIn = await this.#slots.take(unwanted);
    if (!isIn) {
      this.#unended.delete(pipeline);
      pipeline.end(neverBegun());
      return;
    }
    this.#running.add(pipeline);
    await this.#shell.untilBack(unwanted);
    let outcome = await run(unwanted);
    // A pool that lay idle may have been disconnected by the host, which then refuses commands.
    if (wasDisconnected(outcome) && (await this.#shell.reconnect(unwanted)).ok) outcome = await run(unwanted);
    if ((foundNoShell(outcome) || isOfBrokenShell(outcome)) && this.#mayRenew()) {
      const renewed = await this.#renew(unwanted);
      outcome = renewed.ok ? await run(unwanted) : { kind: 'not-started', failure: renewed.error };
    }
    this.#running.delete(pipeline);
    this.#unended.delete(pipeline);
    this.#slots.release();
    this.#end(pipeline, outcome);
  }

  async #run(pipeline: Pipeline, unwanted: AbortSignal): Promise<Invocation> {
    const shell = this.#shell;
    if (shell.broken !== undefined) return { kind: 'not-started', failure: brokenBefore(shell.broken) };
    const cannot = await pipeline.prepare(shell);
    if (cannot !== undefined) return cannot;
    const outcome = await this.#leased(unwanted, (lease) => pipeline.run(shell, lease));
    // Where it never got a connection it was created for nothing.
    shell.psrp.abandon(pipeline.id);
    return outcome;
  }

  /** PowerShell hands the output of a pipeline over once the new client has connected to it, too. */
  #adopt(pipeline: Pipeline, commandId: string, unwanted: AbortSignal): Promise<Invocation> {
    const shell = this.#shell;
    return this.#leased(unwanted, async (lease) => {
      const adopted = shell.psrp.adoptPipeline(pipeline.id);
      if (!adopted.ok) return { kind: 'not-started', failure: adopted.error };
      const connected = await lease.wsman.connect(shell.shell, { commandId }, [], unwanted);
      if (connected.ok) return pipeline.resume(shell, lease, commandId);
      shell.psrp.abandon(pipeline.id);
      return { kind: 'not-started', failure: connected.error };
    });
  }

  async #leased(unwanted: AbortSignal, act: (lease: Lease) => Promise<Invocation>): Promise<Invocation> {
    const lease = await this.#options.link.lease(unwanted);
    if (!lease.ok) return { kind: 'not-started', failure: lease.error };
    const outcome = await act(lease.value);
    lease.value.release();
    return outcome;
  }

  #end(pipeline: Pipeline, outcome: Invocation): void {
    this.#settle(pipeline, outcome);
    pipeline.end(outcome);
  }

  /** A Command whose answer got lost may run under the id that we gave it. */
  #settle(pipeline: Pipeline, outcome: Invocation): void {
    const commandId = pipeline.commandId ?? (outcome.kind === 'lost' ? pipeline.id : undefined);
    if (commandId === undefined || pipeline.isTerminated || this.#shell.broken !== undefined) return;
    this.#owed.owe(commandId, outcome.kind === 'lost');
  }

  /** What else runs, or ran, in the old shell must not seem to go on in a new one. */
  #mayRenew(): boolean {
    return this.#options.renews && this.#running.size === 1 && !this.#closed.signal.aborted;
  }

  async #renew(signal: AbortSignal): Promise<Result<void>> {
    await this.#owed.drop();
    if (this.#shell.broken !== undefined) await this.#shell.delete();
    const shell = await RunspaceShell.open(this.#options, signal);
    if (!shell.ok) return shell;
    this.#shell = shell.value;
    return ok(undefined);
  }
}

/** The pool broke before, and nothing of this pipeline was sent. */
function brokenBefore(reason: Failure): Failure {
  return failure('psrp.pool-broken', { ...reason.details, reason: reason.message, sent: false }, reason);
}

const isOfBrokenShell = (outcome: Invocation): boolean =>
  outcome.kind === 'not-started' && outcome.failure.code === 'psrp.pool-broken';

function neverBegun(): Invocation {
  return { kind: 'not-started', failure: failure('net.aborted', { sent: false }) };
}
