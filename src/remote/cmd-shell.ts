import { failure } from '../core/failure.ts';
import { ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { seconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Timers } from '../ports/timers.ts';
import { cmdShellOptions } from '../wire/wsman/create-shell.ts';
import type { CmdShellOptions as WireOptions, CreateShell } from '../wire/wsman/create-shell.ts';
import { resourceUris } from '../wire/wsman/namespaces.ts';
import type { ShellCreated } from '../wire/wsman/shell-created.ts';
import type { ShellDescription } from '../wire/wsman/shell-description.ts';
import { CmdProcess } from './cmd-process.ts';
import type { ProcessLink, ProcessOutcome, ProcessRequest } from './cmd-process.ts';
import type { HostLink } from './host-link.ts';
import { OwedTerminates } from './owed-terminates.ts';
import { bounded, withLease } from './shell-calls.ts';
import type { ShellRef } from './wsman-exchange.ts';

export interface CmdShellOptions
  extends WireOptions, Pick<CreateShell, 'environment' | 'workingDirectory' | 'name' | 'lifetime'> {
  readonly link: HostLink;
  readonly timers: Timers;
  readonly entropy: Entropy;
  /** A shell that nobody uses frees itself after this long, should we crash. */
  readonly idleTimeout: Duration;
  /** How long a lost connection is tried again before a running program is given up. */
  readonly reconnectFor: Duration;
}

const closeTimeout = seconds(10);

/** A cmd shell on one host, in which programs run; each over a connection of its own. */
export class CmdShell implements ProcessLink {
  readonly shell: Required<ShellRef>;
  /** What the server said of it when it made it; undefined where it said nothing, as WinRM 1.1 does. */
  readonly description: ShellDescription | undefined;
  readonly host: HostLink;
  readonly entropy: Entropy;
  readonly reconnectFor: Duration;
  readonly #timers: Timers;
  readonly #owed: OwedTerminates;
  readonly #running = new Set<CmdProcess>();
  #isOpen = true;

  private constructor({ link, timers, entropy, reconnectFor }: CmdShellOptions, created: ShellCreated) {
    this.host = link;
    this.entropy = entropy;
    this.reconnectFor = reconnectFor;
    this.shell = { resourceUri: resourceUris.cmd, shellId: created.shellId };
    this.description = created.shell;
    this.#timers = timers;
    this.#owed = new OwedTerminates(link, timers, () => this.shell);
  }

  /** The server chooses the shell's id: one whose creation was not confirmed frees itself after `idleTimeout`. */
  static async open(options: CmdShellOptions, signal: AbortSignal): Promise<Result<CmdShell>> {
    const { link, idleTimeout, codePage, noProfile } = options;
    const { environment, workingDirectory, name, lifetime } = options;
    const request = {
      ...{ shellId: undefined, inputStreams: 'stdin', outputStreams: 'stdout stderr' },
      ...{ idleTimeout, creationXml: undefined },
      ...(environment === undefined ? {} : { environment }),
      ...(workingDirectory === undefined ? {} : { workingDirectory }),
      ...(name === undefined ? {} : { name }),
      ...(lifetime === undefined ? {} : { lifetime }),
    };
    const wire = cmdShellOptions({
      ...(codePage === undefined ? {} : { codePage }),
      ...(noProfile === undefined ? {} : { noProfile }),
    });
    const created = await withLease(link, signal, (wsman) =>
      wsman.create(resourceUris.cmd, request, wire, signal),
    );
    return created.ok ? ok(new CmdShell(options, created.value)) : created;
  }

  start(request: ProcessRequest): CmdProcess {
    const process = new CmdProcess(request, this.#timers);
    void this.#conduct(process);
    return process;
  }

  deleteShell(): void {
    void this.close();
  }

  /** Deletes the shell, and with it all that runs in it. Never fails: what is gone already is fine too. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#owed.drop();
    await bounded(this.#timers, closeTimeout, (signal) => this.host.control.delete(this.shell, signal));
    for (const process of [...this.#running]) process.lose();
  }

  async #conduct(process: CmdProcess): Promise<void> {
    this.#running.add(process);
    const outcome = await this.#run(process);
    this.#running.delete(process);
    const { commandId, isTerminated } = process;
    if (commandId !== undefined && !isTerminated && this.#isOpen)
      this.#owed.owe(commandId, outcome.kind === 'lost');
    process.end(outcome);
  }

  async #run(process: CmdProcess): Promise<ProcessOutcome> {
    if (!this.#isOpen) return { kind: 'not-started', failure: failure('net.aborted', { sent: false }) };
    const lease = await this.host.lease(process.unwanted);
    if (!lease.ok) return { kind: 'not-started', failure: lease.error };
    const outcome = await process.run(this, lease.value);
    lease.value.release();
    return outcome;
  }
}
