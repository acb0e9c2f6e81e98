import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { minutes, seconds } from '../core/time.ts';
import type { SessionServer } from '../ports/session.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Timers } from '../ports/timers.ts';
import { PsrpClient } from '../wire/psrp/client.ts';
import type { PsrpClientEvent } from '../wire/psrp/client-event.ts';
import type { PsCommand } from '../wire/psrp/command.ts';
import { isAtLeast } from '../wire/psrp/session-capability.ts';
import { signalCodes } from '../wire/wsman/signal.ts';
import { Fifo } from './fifo.ts';
import type { Invocation } from './invocation.ts';
import { Pipeline } from './pipeline.ts';
import type { WsmanClient } from './wsman-client.ts';
import type { ShellRef } from './wsman-exchange.ts';

export interface RunspacePoolOptions {
  /** Name in the inventory, for messages. */
  readonly host: string;
  readonly wsman: WsmanClient;
  /** Another connection to the same host, opened only when something must be said while the first one waits. */
  readonly control: WsmanClient;
  readonly timers: Timers;
  readonly entropy: Entropy;
  /** `http://schemas.microsoft.com/powershell/<configuration>`. */
  readonly resourceUri: string;
}

/** A shell that nobody uses frees itself after this long, should we crash. */
const idleTimeout = minutes(15);
/** Tidying up must not hold anybody up. */
const closeTimeout = seconds(10);
/** The server decides how often it must be asked while it opens; nobody needs as many. */
const maxOpeningReceives = 100;

/** One runspace pool in one shell on one host; pipelines run one after another. */
export class RunspacePool {
  readonly #options: RunspacePoolOptions;
  readonly #psrp: PsrpClient;
  readonly #poolId: string;
  #shell: ShellRef | undefined;
  #server: { protocol: string; powershell: string | undefined } = { protocol: '', powershell: undefined };
  readonly #queue = new Fifo();
  #owed: Promise<unknown> = Promise.resolve();

  private constructor(options: RunspacePoolOptions) {
    this.#options = options;
    this.#poolId = options.entropy.uuid().toUpperCase();
    this.#psrp = new PsrpClient({
      poolId: this.#poolId,
      minRunspaces: 1,
      maxRunspaces: 1,
      maxFragmentBytes: options.wsman.maxPayloadBytes,
    });
  }

  /**
   * Creates the shell and waits until its pool is opened; a shell that was made is deleted again on any failure.
   *
   * Failures: those of `WsmanClient`, `psrp.*`, `clixml.*`.
   */
  static async open(options: RunspacePoolOptions, signal: AbortSignal): Promise<Result<RunspacePool>> {
    const pool = new RunspacePool(options);
    const opened = await pool.#open(signal);
    if (opened.ok) return ok(pool);
    await pool.close();
    return opened;
  }

  get server(): SessionServer {
    return this.#server;
  }

  /** Runs one pipeline, behind earlier ones; aborting `stop` stops it on the host. */
  invoke(commands: readonly PsCommand[], stop: AbortSignal): Promise<Invocation> {
    return this.#queue.run(() => this.#invoke(commands, stop));
  }

  /** Deletes the shell and closes the connections. Never fails: what is gone already is fine too. */
  async close(): Promise<void> {
    await this.#owed;
    const { wsman, control } = this.#options;
    const shell = this.#shell;
    if (shell !== undefined) {
      await this.#bounded((signal) => wsman.delete(shell, signal));
      this.#shell = undefined;
    }
    control.close();
    wsman.close();
  }

  async #invoke(commands: readonly PsCommand[], stop: AbortSignal): Promise<Invocation> {
    await this.#owed;
    const { wsman, control, timers, entropy } = this.#options;
    const shell = this.#shell ?? this.#shellOf(this.#poolId);
    const pipelineId = entropy.uuid().toUpperCase();
    const pipeline = new Pipeline({ psrp: this.#psrp, wsman, control, timers, shell }, pipelineId);
    const invocation = await pipeline.run(commands, stop);
    // A Command whose answer got lost may run under the id that we gave it.
    const commandId = pipeline.commandId ?? (invocation.kind === 'lost' ? pipelineId : undefined);
    if (commandId !== undefined) this.#owed = this.#terminate(shell, commandId);
    return invocation;
  }

  async #open(signal: AbortSignal): Promise<Result<void>> {
    const creationXml = this.#psrp.open();
    if (!creationXml.ok) return creationXml;
    const request = {
      shellId: this.#poolId,
      inputStreams: 'stdin pr',
      outputStreams: 'stdout',
      idleTimeout,
      creationXml: creationXml.value,
    };
    const options = [{ name: 'protocolversion', value: '2.3', mustComply: true }];
    const created = await this.#options.wsman.create(this.#options.resourceUri, request, options, signal);
    // The answer got lost, perhaps: the shell has our id, so it can be deleted without knowing more.
    if (!created.ok && created.error.details['sent'] === true) {
      this.#shell = this.#shellOf(this.#poolId);
    }
    if (!created.ok) return created;
    const shell = this.#shellOf(created.value.shellId);
    this.#shell = shell;
    return this.#waitUntilOpened(shell, signal);
  }

  #shellOf(shellId: string): ShellRef {
    return { resourceUri: this.#options.resourceUri, shellId };
  }

  async #waitUntilOpened(shell: ShellRef, signal: AbortSignal): Promise<Result<void>> {
    const { wsman, host } = this.#options;
    for (let asked = 0; asked < maxOpeningReceives; asked += 1) {
      const answer = await wsman.receive(shell, { streams: 'stdout', commandId: undefined }, signal);
      if (!answer.ok) return answer;
      for (const { data } of answer.value.streams) {
        const taken = this.#psrp.receive(data);
        if (!taken.ok) return taken;
      }
      const broken = this.#takeEvents();
      if (broken !== undefined) return err(broken);
      if (this.#psrp.poolState === 'Opened') return ok(undefined);
    }
    return err(failure('psrp.pool-broken', { host, reason: 'it never opened' }));
  }

  #takeEvents(): Failure | undefined {
    for (let event = this.#psrp.next(); event !== undefined; event = this.#psrp.next()) {
      const failed = this.#takeEvent(event);
      if (failed !== undefined) return failed;
    }
    return undefined;
  }

  #takeEvent(event: PsrpClientEvent): Failure | undefined {
    const { wsman, control, host } = this.#options;
    if (event.kind === 'application-private-data') this.#server.powershell = event.psVersion;
    if (event.kind === 'session-capability') {
      this.#server.protocol = event.protocolVersion;
      if (isAtLeast(event.protocolVersion, '2.2')) {
        wsman.useLargeEnvelopes();
        control.useLargeEnvelopes();
        this.#psrp.setMaxFragmentBytes(wsman.maxPayloadBytes);
      }
    }
    if (event.kind !== 'pool-state' || event.state === 'Opened' || event.state === 'Opening')
      return undefined;
    return failure('psrp.pool-broken', { host, reason: event.reason?.message ?? event.state });
  }

  /** Owed for every pipeline, even an ended one: each counts against the shell until it is terminated. */
  #terminate(shell: ShellRef, commandId: string): Promise<void> {
    const request = { commandId, code: signalCodes.terminate };
    return this.#bounded((signal) => this.#options.wsman.signal(shell, request, signal));
  }

  async #bounded(act: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const limit = new AbortController();
    const cancel = this.#options.timers.after(closeTimeout, () => limit.abort());
    await act(limit.signal);
    cancel();
  }
}
