import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { milliseconds } from '../../core/time.ts';
import type { Duration } from '../../core/time.ts';
import type { Timers } from '../../ports/timers.ts';
import type { CommandDescription } from '../../wire/wsman/enumerated.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import { resourceUris } from '../../wire/wsman/namespaces.ts';
import type { ShellDescription, ShellState } from '../../wire/wsman/shell-description.ts';
import { faults } from './faults.ts';
import { ReceivedAnswers } from './received-answers.ts';
import type { ShellBackend, ShellOutput } from './shell-backend.ts';

export interface WsmanShellOptions {
  readonly backend: ShellBackend;
  readonly timers: Timers;
  readonly owner: string;
  /** SessionId of the client that made it; empty where it sent none. */
  readonly sessionId: string;
  /** As it is told to clients, without what changes. */
  readonly description: ShellDescription & { readonly idleTimeout: Duration };
  /** Called when nobody used it for its idle timeout, or its lifetime is over. */
  readonly expire: () => void;
}

/** One Receive, as the service passes it on. */
export interface ReceiveCall {
  readonly messageId: string;
  readonly commandId: string | undefined;
  readonly maxBytes: number;
  /** How long to wait for output. */
  readonly wait: Duration;
  /** Aborts when the client's connection is gone. */
  readonly gone: AbortSignal;
}

interface ShellCommand {
  readonly line: string;
  /** What the backend calls it. */
  readonly key: string;
  isDone: boolean;
}

/** A shell that a client opened: its backend, its commands, who holds it, and its timers. */
export class WsmanShell {
  readonly owner: string;
  readonly backend: ShellBackend;
  /** SessionId of the client that holds it. */
  sessionId: string;
  readonly #options: WsmanShellOptions;
  readonly #commands = new Map<string, ShellCommand>();
  readonly #answers = new ReceivedAnswers();
  readonly #createdAt: number;
  readonly #cancelLifetime: () => void;
  #cancelIdle: () => void = () => undefined;
  #cancelVanish: () => void = () => undefined;
  #pending = new AbortController();
  #state: ShellState = 'Connected';
  #idleTimeout: Duration;
  #usedAt: number;
  #active = 0;

  constructor(options: WsmanShellOptions) {
    const { timers, description, expire } = options;
    this.#options = options;
    this.owner = options.owner;
    this.backend = options.backend;
    this.sessionId = options.sessionId;
    this.#idleTimeout = description.idleTimeout;
    this.#createdAt = this.#usedAt = timers.monotonic();
    const { lifetime } = description;
    this.#cancelLifetime = lifetime === undefined ? () => undefined : timers.after(lifetime, expire);
    this.#restartIdle();
  }

  get id(): string {
    return this.#options.description.shellId;
  }

  get isCmd(): boolean {
    return this.#options.description.resourceUri === resourceUris.cmd;
  }

  get state(): ShellState {
    return this.#state;
  }

  get commands(): readonly CommandDescription[] {
    return [...this.#commands].map(([commandId, { line, isDone }]) => ({
      commandId,
      commandLine: line,
      state: isDone ? 'Done' : 'Running',
    }));
  }

  describe(): ShellDescription {
    const { description, timers } = this.#options;
    const now = timers.monotonic();
    const isIdle = this.#active === 0;
    return {
      ...description,
      ...(this.isCmd ? {} : { state: this.#state }),
      runTime: milliseconds(Math.floor(now - this.#createdAt)),
      inactivity: milliseconds(isIdle ? Math.floor(now - this.#usedAt) : 0),
    };
  }

  /**
   * A command that counts until it is terminated.
   *
   * @param key - What the backend calls it, where the client is told another id.
   */
  addCommand(commandId: string, line: string, key = commandId): void {
    this.#commands.set(commandId, { line, key, isDone: false });
  }

  /** What the backend calls a command; the id itself where there is none. */
  keyOf(commandId: string | undefined): string | undefined {
    return commandId === undefined ? undefined : (this.#commands.get(commandId)?.key ?? commandId);
  }

  removeCommand(commandId: string): void {
    this.#commands.delete(commandId);
  }

  /** Runs one operation; the shell is idle only while none runs. Fault while it is disconnected. */
  async use<T>(
    operation: (backend: ShellBackend) => Promise<Result<T, WsmanFault>>,
  ): Promise<Result<T, WsmanFault>> {
    if (this.#state === 'Disconnected') return err(faults.shellDisconnected);
    this.#cancelVanish();
    this.#active += 1;
    this.#cancelIdle();
    try {
      return await operation(this.backend);
    } finally {
      this.#active -= 1;
      if (this.#active === 0) this.#restartIdle();
    }
  }

  /** Output for one Receive; asked again under the same MessageID, it gives the same again. */
  async receive(call: ReceiveCall): Promise<Result<ShellOutput, WsmanFault>> {
    const earlier = this.#answers.find(call.messageId);
    if (earlier !== undefined) return earlier;
    const answer = this.use((backend) => this.#wait(backend, call));
    this.#answers.keep(call.messageId, answer);
    const output = await answer;
    const command = call.commandId === undefined ? undefined : this.#commands.get(call.commandId);
    if (command !== undefined && output.ok && output.value.done) command.isDone = true;
    return output;
  }

  /** Takes back the answer to a Receive that never arrived. */
  restore({ messageId, commandId }: ReceiveCall, output: ShellOutput): void {
    this.#answers.forget(messageId);
    this.backend.restore(this.keyOf(commandId), output);
  }

  /** The client is gone amid a Receive: unless it comes back within `grace`, nobody holds the shell any more. */
  vanish(grace: Duration): void {
    this.#cancelVanish();
    this.#cancelVanish = this.#options.timers.after(grace, () => this.disconnect());
  }

  disconnect(idleTimeout = this.#options.description.idleTimeout): void {
    this.#state = 'Disconnected';
    this.#idleTimeout = idleTimeout;
    this.#pending.abort();
    this.#pending = new AbortController();
    this.#cancelIdle();
    this.#restartIdle();
  }

  /** A client with this SessionId holds it from now on. */
  connect(sessionId: string): void {
    this.#state = 'Connected';
    this.sessionId = sessionId;
    this.#idleTimeout = this.#options.description.idleTimeout;
    this.#cancelIdle();
    this.#restartIdle();
  }

  async close(): Promise<void> {
    this.#cancelIdle();
    this.#cancelVanish();
    this.#cancelLifetime();
    this.#active = Infinity;
    await this.backend.close();
  }

  async #wait(
    backend: ShellBackend,
    { commandId, maxBytes, wait, gone }: ReceiveCall,
  ): Promise<Result<ShellOutput, WsmanFault>> {
    const deadline = new AbortController();
    const { signal: disconnected } = this.#pending;
    const signal = AbortSignal.any([deadline.signal, disconnected, gone]);
    const cancel = this.#options.timers.after(wait, () => {
      deadline.abort();
    });
    const output = await backend.receive(this.keyOf(commandId), maxBytes, signal);
    cancel();
    const isEmpty = output.ok && output.value.streams.length === 0 && !output.value.done;
    if (isEmpty && disconnected.aborted) return err(faults.shellDisconnected);
    return output.ok ? ok(output.value) : output;
  }

  #restartIdle(): void {
    const { timers, expire } = this.#options;
    this.#usedAt = timers.monotonic();
    this.#cancelIdle = timers.after(this.#idleTimeout, expire);
  }
}
