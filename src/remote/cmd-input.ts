import type { Failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { Fifo } from './fifo.ts';
import type { InputChannel } from './pipeline-input.ts';

interface Piece {
  readonly data: Uint8Array;
  readonly end: boolean;
  readonly settle: (sent: Result<void>) => void;
}

/** The standard input of one program, in order; nothing is ever sent twice. */
export class ProcessInput {
  readonly #pieces: Piece[] = [];
  readonly #turn = new Fifo();
  #channel: InputChannel | undefined;
  #failed: Failure | undefined;

  /** @param end - Whether nothing follows, which the program sees as the end of its input. */
  write(data: Uint8Array, end: boolean): Promise<Result<void>> {
    if (this.#failed !== undefined) return Promise.resolve(err(this.#failed));
    const sent = new Promise<Result<void>>((settle) => this.#pieces.push({ data, end, settle }));
    if (this.#channel !== undefined) void this.#flush();
    return sent;
  }

  /** Sends what is waiting over this connection, and what comes later too. */
  use(channel: InputChannel): Promise<Result<void>> {
    this.#channel = channel;
    return this.#flush();
  }

  /** Nothing can be sent any more. */
  close(reason: Failure): void {
    this.#failed ??= reason;
    for (const { settle } of this.#pieces.splice(0)) settle(err(reason));
  }

  #flush(): Promise<Result<void>> {
    return this.#turn.run(async () => {
      for (let piece = this.#pieces.shift(); piece !== undefined; piece = this.#pieces.shift()) {
        const sent = await this.#send(piece);
        piece.settle(sent);
        if (!sent.ok) this.close(sent.error);
      }
      return this.#failed === undefined ? ok(undefined) : err(this.#failed);
    });
  }

  async #send({ data, end }: Piece): Promise<Result<void>> {
    const channel = this.#channel;
    if (channel === undefined) return ok(undefined);
    const { wsman, shell, commandId, signal } = channel;
    const size = wsman.maxPayloadBytes;
    for (let at = 0; at === 0 || at < data.length; at += size) {
      const isLast = at + size >= data.length;
      const request = { stream: 'stdin', commandId, data: data.subarray(at, at + size) };
      const sent = await wsman.send(shell, end && isLast ? { ...request, end: true } : request, signal);
      if (!sent.ok) return sent;
    }
    return ok(undefined);
  }
}
