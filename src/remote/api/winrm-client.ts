/// <reference lib="esnext.disposable" preserve="true" />
import { unwrap } from '../../core/result.ts';
import type { Target } from '../../core/target.ts';
import type { HttpConnector } from '../../ports/http-connection.ts';
import type { RsaKeys } from '../../ports/rsa-keys.ts';
import type { Timers } from '../../ports/timers.ts';
import type { ServiceConfig } from '../../wire/wsman/config.ts';
import type { CommandDescription } from '../../wire/wsman/enumerated.ts';
import { powershellResourceUri, resourceUris } from '../../wire/wsman/namespaces.ts';
import type { ShellDescription } from '../../wire/wsman/shell-description.ts';
import type { AuthServices } from '../auth-services.ts';
import { CmdShell } from '../cmd-shell.ts';
import type { HostLink } from '../host-link.ts';
import { openHostLink } from '../open-host-link.ts';
import { RunspacePool } from '../runspace-pool.ts';
import type { RunspacePoolOptions } from '../runspace-pool.ts';
import { targetOf } from './client-options.ts';
import type { WinrmClientOptions } from './client-options.ts';
import { RemoteCmdShell, cmdSettings } from './cmd-shell.ts';
import type { CmdShellSettings } from './cmd-shell.ts';
import { hostOf } from './host.ts';
import type { HostOption } from './host.ts';
import type { PipelineOptions, Runnable } from './pipeline-options.ts';
import type { PipelineResult } from './pipeline-output.ts';
import { RemotePool } from './pool.ts';
import type { SignalOption } from './pool.ts';
import { poolSettings } from './pool-options.ts';
import type { PoolOptions } from './pool-options.ts';

/** What a client needs of the machine it runs on. */
export interface WinrmPorts extends AuthServices {
  readonly connector: HttpConnector;
  readonly timers: Timers;
  readonly keys: RsaKeys;
}

/** So that the code of `exit` is told. */
const defaultHost: HostOption = 'minimal';
const never = new AbortController().signal;

/**
 * A client of one Windows host's WinRM service: PowerShell in runspace pools, programs in cmd shells, and the shells
 * that are open there.
 *
 * Every method rejects with a `Failure`, whose `code` says what happened and whose `hint` says what to do. Nothing is
 * connected before it is needed. Close it, or make it with `await using`: that deletes its shells on the host.
 */
export class WinrmClient implements AsyncDisposable {
  /** As in the options. */
  readonly host: string;
  readonly #target: Target;
  readonly #ports: WinrmPorts;
  readonly #link: HostLink;
  readonly #open = new Set<{ close(): Promise<void> }>();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: WinrmClientOptions, ports: WinrmPorts) {
    const { limits, handshake, patience, onWait } = options;
    this.host = options.host;
    this.#target = targetOf(options);
    this.#ports = ports;
    this.#link = openHostLink({
      ...ports,
      target: this.#target,
      ...(limits === undefined ? {} : { limits }),
      ...(handshake === undefined ? {} : { handshake }),
      ...(patience === undefined ? {} : { patience }),
      ...(onWait === undefined ? {} : { onWait }),
    });
  }

  /**
   * Runs one script or command in a runspace of its own: `await client.invoke('Get-Service spooler')`. As
   * `RemotePool.invoke`; the shell is deleted afterwards, which `close` waits for.
   */
  async invoke(
    what: Runnable,
    options: PipelineOptions & Pick<PoolOptions, 'configuration'> = {},
  ): Promise<PipelineResult> {
    const { configuration, ...rest } = options;
    const { host, signal } = rest;
    const pool = await this.openPool(
      {
        ...(configuration === undefined ? {} : { configuration }),
        ...(host === undefined ? {} : { host }),
      },
      signal === undefined ? {} : { signal },
    );
    try {
      return await pool.invoke(what, rest);
    } finally {
      this.#closeLater(pool);
    }
  }

  /** Opens a runspace pool: a PowerShell on the host that stays until it is closed. */
  async openPool(options: PoolOptions = {}, { signal = never }: SignalOption = {}): Promise<RemotePool> {
    const pool = unwrap(await RunspacePool.open(this.#poolOptions(options), signal));
    return this.#adopt(pool, options);
  }

  /**
   * Takes over a pool that another client, or this one in an earlier life, has left with `disconnect`; see `shells`.
   * Its pipelines are taken over with `connectPipeline`.
   */
  async connectPool(
    shellId: string,
    options: PoolOptions = {},
    { signal = never }: SignalOption = {},
  ): Promise<RemotePool> {
    const pool = unwrap(
      await RunspacePool.connect(this.#poolOptions(options), shellId.toUpperCase(), signal),
    );
    return this.#adopt(pool, options);
  }

  /** Opens a cmd shell, for programs and their bytes. */
  async openCmd(
    settings: CmdShellSettings = {},
    { signal = never }: SignalOption = {},
  ): Promise<RemoteCmdShell> {
    const { timers, entropy } = this.#ports;
    const ports = { link: this.#link, timers, entropy };
    const opened = await CmdShell.open({ ...ports, ...cmdSettings(settings) }, signal);
    const shell = new RemoteCmdShell(unwrap(opened), (closed) => this.#open.delete(closed));
    this.#open.add(shell);
    return shell;
  }

  /** The shells on the host that this account may see, those of other clients too. */
  async shells({ signal = never }: SignalOption = {}): Promise<readonly ShellDescription[]> {
    return unwrap(await this.#link.control.listShells(signal));
  }

  /** The pipelines or programs of one shell that were not freed. */
  async commands(
    shellId: string,
    { signal = never }: SignalOption = {},
  ): Promise<readonly CommandDescription[]> {
    return unwrap(await this.#link.control.listCommands(shellId, signal));
  }

  /** Deletes a shell with all that runs in it, whoever opened it; one that is gone already is fine. */
  async deleteShell(shellId: string, { signal = never }: SignalOption = {}): Promise<void> {
    const { control } = this.#link;
    const got = await control.getShell(shellId, signal);
    if (!got.ok && got.error.code === 'wsman.shell-gone') return;
    const { resourceUri } = unwrap(got);
    unwrap(
      await control.delete(
        { resourceUri: resourceUri === '' ? resourceUris.cmd : resourceUri, shellId },
        signal,
      ),
    );
  }

  /** The settings of the WinRM service; for administrators only (`wsman.access-denied`), and needed for nothing else. */
  async config({ signal = never }: SignalOption = {}): Promise<ServiceConfig> {
    return unwrap(await this.#link.control.getConfig(signal));
  }

  /** Deletes the shells that are still open and closes all connections. Never rejects. */
  async close(): Promise<void> {
    for (const shell of [...this.#open]) this.#closeLater(shell);
    for (const closing of [...this.#closing]) await closing;
    this.#link.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #adopt(pool: RunspacePool, { configuration, host = defaultHost }: PoolOptions): RemotePool {
    const remote = new RemotePool(pool, {
      host: this.host,
      configuration: configuration ?? this.#target.configuration,
      poolHost: host,
      closed: (closed) => this.#open.delete(closed),
    });
    this.#open.add(remote);
    return remote;
  }

  #poolOptions(options: PoolOptions): RunspacePoolOptions {
    const { timers, entropy, keys } = this.#ports;
    const resourceUri = powershellResourceUri(options.configuration ?? this.#target.configuration);
    return {
      ...{ link: this.#link, timers, entropy, keys, resourceUri },
      ...hostOf(options.host ?? defaultHost),
      ...poolSettings(options),
    };
  }

  #closeLater(shell: { close(): Promise<void> }): void {
    const closing = shell.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
