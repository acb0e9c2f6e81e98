import type { Result } from '../../core/result.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import type { ShellOutput } from './shell-backend.ts';

type Answer = Promise<Result<ShellOutput, WsmanFault>>;

/** Answers kept for a second asking. One is needed; a few allow for several pipelines. */
const keptAnswers = 4;

/** What was answered to Receives, which a client may ask for again under the same MessageID when an answer got lost. */
export class ReceivedAnswers {
  readonly #answers = new Map<string, Answer>();

  find(messageId: string): Answer | undefined {
    return this.#answers.get(messageId);
  }

  keep(messageId: string, answer: Answer): void {
    this.#answers.set(messageId, answer);
    const oldest = this.#answers.keys().next();
    if (this.#answers.size > keptAnswers && oldest.done !== true) this.#answers.delete(oldest.value);
  }

  forget(messageId: string): void {
    this.#answers.delete(messageId);
  }
}
