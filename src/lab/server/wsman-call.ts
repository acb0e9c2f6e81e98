import type { Result } from '../../core/result.ts';
import type { WsmanMessage } from '../../wire/wsman/envelope.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import type { Envelope } from '../../wire/wsman/parse-envelope.ts';

/** One request with an envelope, of a user who has proven who they are. */
export interface WsmanCall {
  readonly user: string;
  readonly envelope: Envelope;
  readonly bytes: number;
  /** Aborts when the client's connection is gone. */
  readonly signal: AbortSignal;
}

/** What a verb answers. */
export interface WsmanReply {
  readonly message: WsmanMessage;
  /** To be called when the answer could not be delivered. */
  readonly undelivered?: () => void;
}

export type Handled = Promise<Result<WsmanReply, WsmanFault>>;
