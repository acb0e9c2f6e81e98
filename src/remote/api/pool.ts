/// <reference lib="esnext.disposable" preserve="true" />
import { failure } from '../../core/failure.ts';
import { unwrap } from '../../core/result.ts';
import type { CommandQuery, CommandMetadata } from '../../wire/psrp/command-metadata.ts';
import { decodeCommandMetadata } from '../../wire/psrp/command-metadata.ts';
import type { BufferMode } from '../../wire/wsman/shell-description.ts';
import type { PipelineRequest } from '../pipeline-request.ts';
import type { RunspacePool } from '../runspace-pool.ts';
import { hostOf } from './host.ts';
import type { HostOption } from './host.ts';
import { stoppedByCaller } from './outcome.ts';
import { RemotePipeline } from './pipeline.ts';
import { boundsOf, requestOf } from './pipeline-options.ts';
import type { PipelineInputs, PipelineOptions, Runnable } from './pipeline-options.ts';
import type { PipelineResult } from './pipeline-output.ts';
import { toPlain } from './plain-value.ts';
import type { Plain, PlainObject } from './plain-value.ts';
import { stopOn } from './stop-on.ts';
import { optionalDuration } from './time-span.ts';
import type { TimeSpan } from './time-span.ts';

/** What the server said of itself while the pool opened. */
export interface ServerInfo {
  /** PSRP version, such as `2.3`. */
  readonly protocol: string;
  /** `$PSVersionTable.PSVersion`; undefined where the server did not announce it. */
  readonly powershell: string | undefined;
  /** `$PSVersionTable`; empty where the server did not announce it. */
  readonly versionTable: Readonly<Record<string, Plain>>;
}

export type PoolState = 'opened' | 'disconnected' | 'broken' | 'closed';

/** What a `RemotePool` needs of its client. */
export interface PoolOwner {
  readonly host: string;
  readonly configuration: string;
  /** The host of pipelines that bring none. */
  readonly poolHost: HostOption;
  closed(pool: RemotePool): void;
}

/** Options of what waits and does nothing else. */
export interface SignalOption {
  readonly signal?: AbortSignal;
}

const never = new AbortController().signal;

/**
 * Runspaces on one host: a PowerShell that stays, with its variables and modules, for as many pipelines at once as it
 * has runspaces. Close it, or open it with `await using`, since hosts allow few of them.
 */
export class RemotePool implements AsyncDisposable {
  readonly #pool: RunspacePool;
  readonly #owner: PoolOwner;
  #state: PoolState = 'opened';

  /** @internal */
  constructor(pool: RunspacePool, owner: PoolOwner) {
    this.#pool = pool;
    this.#owner = owner;
  }

  /** The id of its shell on the host, with which another client can connect to it. */
  get id(): string {
    return this.#pool.shell.shell.shellId;
  }

  /** As last agreed with the host. */
  get minRunspaces(): number {
    return this.#pool.shell.facts.bounds.minRunspaces;
  }

  /** How many pipelines run at once; as last agreed with the host. */
  get maxRunspaces(): number {
    return this.#pool.shell.facts.bounds.maxRunspaces;
  }

  get server(): ServerInfo {
    const { protocol, powershell, announced } = this.#pool.server;
    const plain = toPlain(announced);
    return { protocol, powershell, versionTable: recordIn(plain, 'PSVersionTable') };
  }

  get state(): PoolState {
    if (this.#state === 'opened' && this.#pool.shell.broken !== undefined) return 'broken';
    return this.#state;
  }

  /**
   * Runs something to its end and gives all that it wrote.
   *
   * A script that fails is a result with state `Failed`. Rejected with a `Failure`: `pipeline.scripts-not-allowed`
   * where the endpoint takes no scripts, `net.aborted` where `signal` stopped it, and the failures of
   * `RemotePipeline.result`.
   */
  async invoke(what: Runnable, options: PipelineOptions = {}): Promise<PipelineResult> {
    const { signal = never } = options;
    const pipeline = this.start(what, options);
    const result = await pipeline.result;
    if (result.state === 'Stopped' && signal.aborted) throw stoppedByCaller(this.#owner.host, true);
    if (result.reason?.fullyQualifiedErrorId === 'ScriptsNotAllowed') {
      const { host, configuration } = this.#owner;
      throw failure('pipeline.scripts-not-allowed', { host, configuration, reason: result.reason.message });
    }
    return result;
  }

  /** Runs one command by its name: `pool.command('Get-Service', { Name: 'spooler' })`. As `invoke`. */
  command(
    name: string,
    parameters: PlainObject = {},
    options: Omit<PipelineOptions, 'parameters'> = {},
  ): Promise<PipelineResult> {
    return this.invoke({ command: name }, { ...options, parameters });
  }

  /**
   * Starts something, to be read while it runs.
   *
   * @param options - With `input: true` the pipeline waits for `write` and `endInput`.
   */
  start(
    what: Runnable,
    options: Omit<PipelineOptions, 'input'> & { readonly input?: PipelineInputs | boolean } = {},
  ): RemotePipeline {
    const { input = false, signal, ...rest } = options;
    const request = requestOf(what, rest, input !== false);
    const full = { ...this.#answers(), ...request };
    const pipeline = rest.nested === true ? this.#pool.startNested(full) : this.#pool.start(full);
    stopOn(signal, () => pipeline.stop(), pipeline.ended);
    const remote = new RemotePipeline(pipeline, this.#owner.host);
    if (typeof input !== 'boolean') void remote.feed(input);
    return remote;
  }

  /** Which commands the endpoint has. */
  async getCommandMetadata(
    query: CommandQuery = {},
    options: PipelineOptions = {},
  ): Promise<readonly CommandMetadata[]> {
    const { signal, timeouts, maxOutputBytes } = options;
    const request: PipelineRequest = {
      create: (psrp, id) => psrp.getCommandMetadata({ id, ...query }),
      ...boundsOf(timeouts, maxOutputBytes),
    };
    const pipeline = this.#pool.start(request);
    stopOn(signal, () => pipeline.stop(), pipeline.ended);
    const { output } = await new RemotePipeline(pipeline, this.#owner.host).result;
    return decodeCommandMetadata(output);
  }

  /** How many more pipelines could run at once. */
  async getAvailableRunspaces({ signal = never }: SignalOption = {}): Promise<number> {
    const { questions } = this.#pool.shell;
    return Number(unwrap(await questions.ask({ kind: 'get-available-runspaces' }, signal)));
  }

  /** Rejected with `pool.request-refused` where the host says no. */
  async setMinRunspaces(count: number, { signal = never }: SignalOption = {}): Promise<void> {
    unwrap(await this.#pool.setRunspaces('set-min-runspaces', count, signal));
  }

  /** How many pipelines may run at once. Rejected with `pool.request-refused` where the host says no. */
  async setMaxRunspaces(count: number, { signal = never }: SignalOption = {}): Promise<void> {
    unwrap(await this.#pool.setRunspaces('set-max-runspaces', count, signal));
  }

  /** Forgets variables and what else scripts left in the runspaces; PowerShell 5 and later. */
  async resetRunspaceState({ signal = never }: SignalOption = {}): Promise<boolean> {
    const { questions } = this.#pool.shell;
    return unwrap(await questions.ask({ kind: 'reset-runspace-state' }, signal)) === true;
  }

  /** Gets a key under which SecureStrings travel. Done by itself where one is sent. Rejected also with `pool.key-timeout`. */
  async exchangeKeys({
    signal = never,
    timeout,
  }: SignalOption & { readonly timeout?: TimeSpan } = {}): Promise<void> {
    unwrap(await this.#pool.shell.exchangeKeys(signal, optionalDuration(timeout)));
  }

  /** Whether the host still has the shell, connected. Rejected where the host cannot be asked. */
  async isAlive({ signal = never }: SignalOption = {}): Promise<boolean> {
    return unwrap(await this.#pool.isAlive(signal));
  }

  /**
   * Leaves the pool on the host with all that runs in it, to be taken up by `reconnect`, or by another client with
   * `connectPool`. Needs PowerShell 3 or later there.
   *
   * @param options - `idleTimeout`: how long it waits for somebody; `bufferMode`: whether pipelines wait (`Block`) or
   *   lose output (`Drop`) when nobody fetches it.
   */
  async disconnect(
    options: SignalOption & { readonly idleTimeout?: TimeSpan; readonly bufferMode?: BufferMode } = {},
  ): Promise<void> {
    const { signal = never, bufferMode } = options;
    const idleTimeout = optionalDuration(options.idleTimeout);
    const request = {
      ...(idleTimeout === undefined ? {} : { idleTimeout }),
      ...(bufferMode === undefined ? {} : { bufferMode }),
    };
    unwrap(await this.#pool.disconnect(request, signal));
    this.#state = 'disconnected';
  }

  /** Takes it up again; what runs in it goes on being read. */
  async reconnect({ signal = never }: SignalOption = {}): Promise<void> {
    unwrap(await this.#pool.reconnect(signal));
    this.#state = 'opened';
  }

  /** Goes on reading a pipeline that another client began in this pool; see `WinrmClient.commands`. */
  connectPipeline(
    commandId: string,
    options: Pick<PipelineOptions, 'signal' | 'timeouts' | 'maxOutputBytes'> = {},
  ): RemotePipeline {
    const { signal, timeouts, maxOutputBytes } = options;
    const pipeline = this.#pool.connectPipeline(commandId, {
      create: () => ({ ok: true, value: [] }),
      ...this.#answers(),
      ...boundsOf(timeouts, maxOutputBytes),
    });
    stopOn(signal, () => pipeline.stop(), pipeline.ended);
    return new RemotePipeline(pipeline, this.#owner.host);
  }

  /** Deletes the shell on the host, with what runs in it; a disconnected pool is left as it is. Never rejects. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    const isLeft = this.#state === 'disconnected';
    this.#state = 'closed';
    await (isLeft ? this.#pool.leave() : this.#pool.close());
    this.#owner.closed(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #answers(): Pick<PipelineRequest, 'answers'> {
    const { answers } = hostOf(this.#owner.poolHost);
    return answers === undefined ? {} : { answers };
  }
}

function recordIn(plain: Plain, name: string): Readonly<Record<string, Plain>> {
  const member = isRecord(plain) ? plain[name] : undefined;
  return isRecord(member) ? member : {};
}

function isRecord(value: Plain | undefined): value is Record<string, Plain> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
