import { failure } from '../core/failure.ts';
import { ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { foundNoShell } from './invocation.ts';
import type { Invocation } from './invocation.ts';
import { OwedTerminates } from './owed-terminates.ts';
import { Pipeline } from './pipeline.ts';
import type { PipelineRequest } from './pipeline.ts';
import { RunspaceShell } from './runspace-shell.ts';
import type { PoolServer, RunspaceShellOptions } from './runspace-shell.ts';
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
  readonly #closed = new AbortController();
  #shell: RunspaceShell;
  #renewal: Promise<Result<void>> | undefined;

  private constructor(options: RunspacePoolOptions, shell: RunspaceShell) {
    this.#options = options;
    this.#shell = shell;
    this.#slots = new Slots(options.maxRunspaces);
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

  /** What the server said of itself. */
  get server(): PoolServer {
    return this.#shell.server;
  }

  /** Runs a pipeline as soon as there is room for it. */
  start(request: PipelineRequest): Pipeline {
    const { entropy, timers } = this.#options;
    const pipeline = new Pipeline(entropy.uuid().toUpperCase(), request, timers);
    void this.#conduct(pipeline);
    return pipeline;
  }

  /** Deletes the shell, and with it all that runs in it. Never fails: what is gone already is fine too. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#owed.drop();
    await this.#shell.delete();
  }

  async #conduct(pipeline: Pipeline): Promise<void> {
    const unwanted = AbortSignal.any([pipeline.unwanted, this.#closed.signal]);
    const isIn = await this.#slots.take(unwanted);
    if (!isIn) {
      pipeline.end(neverBegun());
      return;
    }
    this.#running.add(pipeline);
    let outcome = await this.#run(pipeline, unwanted);
    if (foundNoShell(outcome) && this.#mayRenew()) {
      const renewed = await this.#renew(unwanted);
      outcome = renewed.ok
        ? await this.#run(pipeline, unwanted)
        : { kind: 'not-started', failure: renewed.error };
    }
    this.#running.delete(pipeline);
    this.#slots.release();
    this.#settle(pipeline, outcome);
    pipeline.end(outcome);
  }

  async #run(pipeline: Pipeline, unwanted: AbortSignal): Promise<Invocation> {
    const shell = this.#shell;
    const cannot = await pipeline.prepare(shell);
    if (cannot !== undefined) return cannot;
    const lease = await this.#options.link.lease(unwanted);
    if (!lease.ok) {
      shell.psrp.abandon(pipeline.id);
      return { kind: 'not-started', failure: lease.error };
    }
    const outcome = await pipeline.run(shell, lease.value);
    lease.value.release();
    return outcome;
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
    const shell = await RunspaceShell.open(this.#options, signal);
    if (!shell.ok) return shell;
    this.#shell = shell.value;
    return ok(undefined);
  }
}

function neverBegun(): Invocation {
  return { kind: 'not-started', failure: failure('net.aborted', { sent: false }) };
}
