import { Failure } from '../../../src/core/failure.ts';
import { milliseconds } from '../../../src/core/time.ts';
import type { PoolOptions } from '../../../src/remote/api/pool-options.ts';
import type { RemotePool } from '../../../src/remote/api/pool.ts';
import { WinrmClient } from '../../../src/remote/api/winrm-client.ts';
import type { RemoteCmdShell } from '../../../src/remote/api/cmd-shell.ts';
import type { Patience } from '../../../src/remote/waiting.ts';
import type { HostOption } from '../../../src/remote/api/host.ts';
import type { HostInfo } from '../../../src/wire/psrp/host-info.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import { decodeCreatePipeline } from '../../../src/wire/psrp/create-pipeline.ts';
import type { CreatePipeline } from '../../../src/wire/psrp/create-pipeline.ts';
import { decodeInitRunspacePool } from '../../../src/wire/psrp/init-runspacepool.ts';
import type { PsrpMessage } from '../../../src/wire/psrp/message.ts';
import type { Door } from '../doors/door.ts';
import type { Driver, Step } from '../drivers.ts';
import type { Entry } from '../host/entry.ts';
import type { RecordedHost } from '../host/recorded-host.ts';
import type { Delivered } from '../host/transcript.ts';
import { nameUnder } from '../yaml-file.ts';
import { NotationProblem } from '../values/notation.ts';
import { Notes } from './notes.ts';
import type { RunningPipeline } from './pipelines.ts';
import type { RunningProcess } from './processes.ts';
import { RecordedKeys } from './recorded-keys.ts';
import { ScriptHost } from './script-host.ts';

export interface StageOptions {
  readonly driver: Driver;
  readonly entries: readonly Entry[];
  readonly host: RecordedHost;
  readonly door: Door;
  /** The RSA key of the recorded client, where it is not the recording's own. */
  readonly keyFile: string | undefined;
}

/** A host that had no room in a recording will not have any. */
const impatience: Patience = { quota: milliseconds(0), unavailable: milliseconds(0) };

/** The client under replay, and what it has opened, by the labels of the description. */
export class Stage {
  readonly host: RecordedHost;
  readonly keys: RecordedKeys;
  readonly notes = new Notes();
  /** Answers the calls of every host that the client has. */
  readonly script: ScriptHost;
  readonly pools = new Map<string, RemotePool>();
  readonly cmdShells = new Map<string, RemoteCmdShell>();
  readonly pipelines = new Map<string, RunningPipeline>();
  readonly processes = new Map<string, RunningProcess>();
  /** Ids by labels of what others opened. */
  readonly #found = new Map<string, string>();
  readonly #clients = new Map<string, WinrmClient>();
  readonly #door: Door;
  readonly #entries: readonly Entry[];

  constructor({ driver, entries, host, door, keyFile }: StageOptions) {
    this.host = host;
    this.#entries = entries;
    this.keys = new RecordedKeys(driver, keyFile, this.notes);
    this.script = new ScriptHost(this.#messages('pipeline-host-response', 'pool-host-response'));
    this.#door = door;
  }

  /** The client of a step: one for each session that the recording has. */
  clientOf({ messages: [first] }: Step): WinrmClient {
    const session = this.#entries[first]?.request.sessionId ?? '';
    const client = this.#clients.get(session) ?? this.#newClient();
    this.#clients.set(session, client);
    return client;
  }

  pool(step: Step): RemotePool {
    return under(this.pools, nameUnder(step.arguments, 'shell'), 'pool');
  }

  cmdShell(step: Step): RemoteCmdShell {
    return under(this.cmdShells, nameUnder(step.arguments, 'shell'), 'cmd shell');
  }

  /** The id of a shell by its label, in lower case. */
  shellId(label: string): string {
    const shell = this.pools.get(label) ?? this.cmdShells.get(label);
    return shell?.id.toLowerCase() ?? under(this.#found, label, 'shell');
  }

  /** The id of a pipeline or process by its label, in lower case. */
  commandId(label: string): string {
    const running = this.pipelines.get(label)?.pipeline ?? this.processes.get(label)?.process;
    return running?.commandId?.toLowerCase() ?? under(this.#found, label, 'pipeline or process');
  }

  /** Remembers what a list calls by a label, unless the label is known: somebody else may have opened it. */
  found(label: string, id: string): void {
    if (!this.#found.has(label)) this.#found.set(label, id.toLowerCase());
  }

  /** The shell that a step takes up: by its label, else, where somebody else left it, as it was recorded. */
  leftShellId({ messages: [first] }: Step, label: string): string {
    const known =
      this.pools.get(label)?.id ?? this.#found.get(label) ?? this.#entries[first]?.request.shellId;
    if (known === undefined) throw new NotationProblem(`there is no pool ${label}`);
    return known.toUpperCase();
  }

  /** The pipeline that a step takes up. */
  leftCommandId({ messages: [first] }: Step, label: string): string {
    const known =
      this.pipelines.get(label)?.pipeline.commandId ??
      this.#found.get(label) ??
      this.#entries[first]?.request.commandId;
    if (known === undefined) throw new NotationProblem(`there is no pipeline ${label}, or it never began`);
    return known.toUpperCase();
  }

  /** A host with these parts, whose user answers as the description says. */
  hostOption(info: Exclude<HostInfo, 'pool'>): HostOption {
    return info === 'none' ? 'none' : { info, answer: (call) => this.script.answer(call) };
  }

  /** For how long the recording holds answers back in this step. */
  delaySeconds({ messages: [first, last] }: Step): number {
    return this.#entries.slice(first, last + 1).reduce((sum, { exchange }) => sum + exchange.delaySeconds, 0);
  }

  /** CREATE_PIPELINE as it was recorded in a step. */
  recordedPipeline({ messages: [first, last] }: Step): CreatePipeline | undefined {
    for (const { messages } of this.#entries.slice(first, last + 1)) {
      const created = messages.find(({ type }) => type === 'create-pipeline');
      const pipeline = created && decodeCreatePipeline(created.body);
      if (pipeline?.ok === true) return pipeline.value;
    }
    return undefined;
  }

  /** Settings of a pool that descriptions say nothing of, as they were recorded. */
  recordedThreads({ messages: [first, last] }: Step): Pick<PoolOptions, 'threadOptions' | 'apartmentState'> {
    const messages = this.#entries.slice(first, last + 1).flatMap((entry) => entry.messages);
    const init = messages.find(({ type }) => type === 'init-runspacepool');
    const decoded = init && decodeInitRunspacePool(init.body);
    if (decoded?.ok !== true) return {};
    const { threadOptions, apartmentState } = decoded.value;
    return { threadOptions, apartmentState };
  }

  /** The session configuration that a step is about, by its recorded resource. */
  configurationOf({ messages: [first] }: Step): string {
    return (this.#entries[first]?.request.resourceUri ?? '').replace(/^.*\/powershell\//, '');
  }

  /** What the Receives of a step brought for a command, or for the pool. */
  delivered({ messages: [first, last] }: Step, of: 'command' | 'pool'): readonly Delivered[] {
    return this.host.transcript.delivered.filter(
      ({ index, commandId }) =>
        index >= first && index <= last && (commandId === undefined) === (of === 'pool'),
    );
  }

  /** Whether the recording has the end of a command in this step, so that the client must have come to it too. */
  endsIn({ messages: [first, last] }: Step): boolean {
    return this.#entries.slice(first, last + 1).some(({ request, exchange }) => {
      const { response } = exchange;
      if (request.verb === 'Receive' && request.commandId !== undefined) {
        return response === undefined || isEnd(response);
      }
      return request.verb === 'Command' && (response === undefined || response.includes(':Fault'));
    });
  }

  /** Whether the recording reads on after a signal, from what got it. */
  isReadAfter({ messages: [first, last] }: Step): boolean {
    const commandId = this.#entries[first]?.request.commandId;
    return this.#entries
      .slice(last + 1)
      .some(({ request }) => request.verb === 'Receive' && request.commandId === commandId);
  }

  /** Lets the client tidy up by itself: nobody answers it any more. */
  close(): void {
    for (const client of this.#clients.values()) void client.close();
  }

  #newClient(): WinrmClient {
    const { scheme, address, port, auth, user, password, connector } = this.#door;
    return new WinrmClient(
      { host: address, scheme, port, auth, user, password, patience: impatience },
      {
        ...{ connector, entropy: systemEntropy, timers: systemTimers, keys: this.keys },
        now: () => systemClock.now(),
      },
    );
  }

  #messages(...types: readonly PsrpMessage['type'][]): readonly PsrpMessage[] {
    return this.#entries.flatMap(({ messages }) => messages.filter(({ type }) => types.includes(type)));
  }
}

/** Whether an answer to Receive is the last one: the command is done, or there is none. */
function isEnd(response: string): boolean {
  if (response.includes('/CommandState/Done"')) return true;
  return response.includes(':Fault') && !response.includes('2150858793');
}

export function under<T>(all: ReadonlyMap<string, T>, label: string, what: string): T {
  const found = all.get(label);
  if (found === undefined) throw new NotationProblem(`there is no ${what} ${label}`);
  return found;
}

/** What an act of the client came to: its value, or the failure that its caller gets. */
export async function outcomeOf<T>(act: Promise<T>): Promise<{ readonly value: T } | Failure> {
  try {
    return { value: await act };
  } catch (problem) {
    if (problem instanceof Failure) return problem;
    throw problem;
  }
}
