import type { Result } from '../core/result.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Received } from '../wire/wsman/receive.ts';
import { isPassing } from './shell-recovery.ts';
import type { WsmanClient } from './wsman-client.ts';
import type { ShellRef } from './wsman-exchange.ts';

export interface CommandReceivesOptions {
  readonly wsman: WsmanClient;
  readonly shell: ShellRef;
  readonly entropy: Entropy;
  /** Space-separated. */
  readonly streams: string;
  readonly commandId: string;
}

/**
 * The Receives of one command, one after another.
 *
 * One that got no answer is asked for again under its MessageID however long the host was away: the output that the
 * server took for it is kept under that id, and under another would be lost without a trace.
 */
export class CommandReceives {
  readonly #options: CommandReceivesOptions;
  #unanswered: string | undefined;

  constructor(options: CommandReceivesOptions) {
    this.#options = options;
  }

  async next(signal: AbortSignal): Promise<Result<Received>> {
    const { wsman, shell, entropy, streams, commandId } = this.#options;
    const messageId = this.#unanswered ?? entropy.uuid().toUpperCase();
    const answer = await wsman.receive(shell, { streams, commandId }, signal, messageId);
    this.#unanswered = answer.ok || !isPassing(answer.error) ? undefined : messageId;
    return answer;
  }
}
