import type { ChildProcess } from '../../ports/child-process.ts';
import { controlPacket, dataPacket, packetOwner, parsePwshPacket } from './pwsh-packet.ts';
import type { PwshPacket } from './pwsh-packet.ts';

export interface PwshListener {
  /** Output of the pool (undefined) or of a pipeline; nothing more is read until it resolves. */
  data(owner: string | undefined, fragments: Uint8Array): Promise<void>;
  /** The process is gone, or spoke nonsense. */
  gone(reason: string): void;
}

/**
 * A PowerShell in server mode, one packet at a time: each waits for its acknowledgement, since PowerShell hands
 * lines to a thread pool and keeps no order by itself.
 */
export class PwshProcess {
  readonly #process: ChildProcess;
  readonly #listener: PwshListener;
  readonly #acks = new Map<string, () => void>();
  #turn: Promise<unknown> = Promise.resolve();
  #gone = false;

  constructor(process: ChildProcess, listener: PwshListener) {
    this.#process = process;
    this.#listener = listener;
    void this.#read();
  }

  /** False when the process went away before it acknowledged. */
  data(owner: string | undefined, stream: 'Default' | 'PromptResponse', data: Uint8Array): Promise<boolean> {
    return this.#exchange(dataPacket(owner, stream, data), ackKey('DataAck', owner));
  }

  control(kind: 'Command' | 'Signal' | 'Close', owner: string | undefined): Promise<boolean> {
    return this.#exchange(controlPacket(kind, owner), ackKey(`${kind}Ack`, owner));
  }

  /** Ends the process, and resolves when it is gone. */
  async kill(): Promise<void> {
    this.#process.kill();
    this.#end('it was closed');
    await this.#process.exited;
  }

  #exchange(line: string, ack: string): Promise<boolean> {
    const exchange = async (): Promise<boolean> => {
      if (this.#gone) return false;
      const acknowledged = new Promise<void>((resolve) => this.#acks.set(ack, resolve));
      const written = await this.#process.writeLine(line);
      if (written.ok) await acknowledged;
      this.#acks.delete(ack);
      return written.ok && !this.#gone;
    };
    const turn = this.#turn.then(exchange);
    this.#turn = turn;
    return turn;
  }

  async #read(): Promise<void> {
    for await (const line of this.#process.lines) {
      const packet = parsePwshPacket(line);
      if (!packet.ok) {
        this.#end(packet.error.message);
        this.#process.kill();
        return;
      }
      await this.#take(packet.value);
    }
    this.#end(this.#process.stderr.trim() || 'it ended');
  }

  async #take(packet: PwshPacket): Promise<void> {
    const owner = packetOwner(packet);
    if (packet.kind === 'Data') await this.#listener.data(owner, packet.data);
    else this.#acks.get(ackKey(packet.kind, owner))?.();
  }

  #end(reason: string): void {
    if (this.#gone) return;
    this.#gone = true;
    for (const wake of this.#acks.values()) wake();
    this.#listener.gone(reason);
  }
}

function ackKey(kind: string, owner: string | undefined): string {
  return `${kind} ${owner ?? ''}`;
}
