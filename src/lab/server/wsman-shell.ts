import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Duration } from '../../core/time.ts';
import type { Timers } from '../../ports/timers.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import type { ShellBackend, ShellOutput } from './shell-backend.ts';

/** A shell that a client opened: its backend, its owner and its idle timer. */
export class WsmanShell {
  readonly id: string;
  readonly owner: string;
  readonly resourceUri: string;
  readonly backend: ShellBackend;
  readonly #timers: Timers;
  readonly #idleTimeout: Duration;
  readonly #expire: () => void;
  readonly #received = new Map<string, Promise<Result<ShellOutput, WsmanFault>>>();
  #cancelIdle: () => void = () => undefined;
  #active = 0;

  constructor(options: {
    readonly id: string;
    readonly owner: string;
    readonly resourceUri: string;
    readonly backend: ShellBackend;
    readonly timers: Timers;
    readonly idleTimeout: Duration;
    readonly expire: () => void;
  }) {
    this.id = options.id;
    this.owner = options.owner;
    this.resourceUri = options.resourceUri;
    this.backend = options.backend;
    this.#timers = options.timers;
    this.#idleTimeout = options.idleTimeout;
    this.#expire = options.expire;
    this.#restartIdle();
  }

  /** Runs one operation; the shell is idle only while none runs. */
  async use<T>(operation: (backend: ShellBackend) => Promise<T>): Promise<T> {
    this.#active += 1;
    this.#cancelIdle();
    try {
      return await operation(this.backend);
    } finally {
      this.#active -= 1;
      if (this.#active === 0) this.#restartIdle();
    }
  }

  /**
   * Output for one Receive, which a client may ask for again under the same MessageID when the answer got lost.
   *
   * @param wait - How long to wait for output.
   */
  async receive(
    messageId: string,
    commandId: string | undefined,
    maxBytes: number,
    wait: Duration,
  ): Promise<Result<ShellOutput, WsmanFault>> {
    const earlier = this.#received.get(messageId);
    if (earlier !== undefined) return earlier;
    const answer = this.use((backend) => this.#wait(backend, commandId, maxBytes, wait));
    this.#received.set(messageId, answer);
    const oldest = this.#received.keys().next();
    if (this.#received.size > keptAnswers && oldest.done !== true) this.#received.delete(oldest.value);
    return answer;
  }

  async close(): Promise<void> {
    this.#cancelIdle();
    this.#active = Infinity;
    await this.backend.close();
  }

  async #wait(
    backend: ShellBackend,
    commandId: string | undefined,
    maxBytes: number,
    wait: Duration,
  ): Promise<Result<ShellOutput, WsmanFault>> {
    const deadline = new AbortController();
    const cancel = this.#timers.after(wait, () => {
      deadline.abort();
    });
    const output = await backend.receive(commandId, maxBytes, deadline.signal);
    cancel();
    return output.ok ? ok(output.value) : output;
  }

  #restartIdle(): void {
    this.#cancelIdle = this.#timers.after(this.#idleTimeout, this.#expire);
  }
}

/** Answers kept for a second asking. One is needed; a few allow for several pipelines. */
const keptAnswers = 4;
