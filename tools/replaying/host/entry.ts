import type { PsrpMessage } from '../../../src/wire/psrp/message.ts';
import { SourceProblem } from '../source-problem.ts';
import type { Exchange } from '../recording.ts';
import { ClientMessages } from './messages.ts';
import { readRequest } from './request.ts';
import type { Request } from './request.ts';

/** What the recorded client sent with one request, and how much of it ours has sent by now. */
export interface Entry {
  readonly exchange: Exchange;
  readonly request: Request;
  /** PSRP messages that end in this request. */
  readonly messages: readonly PsrpMessage[];
  matchedMessages: number;
  /** Bytes of the input for a process that have come. */
  matchedBytes: number;
  hasEnded: boolean;
  /** Its answer has been given. */
  isAnswered: boolean;
  /** A request that ours has no need of was passed over. */
  isSkipped: boolean;
}

/** Takes a recording apart. @throws SourceProblem where a recorded request cannot be read. */
export function entriesOf(exchanges: readonly Exchange[], file: string): readonly Entry[] {
  const assembly = new ClientMessages();
  const entries: Entry[] = [];
  for (const exchange of exchanges) {
    const request = readRequest(new TextEncoder().encode(exchange.request), exchange.overrides);
    if (typeof request === 'string') {
      throw new SourceProblem(file, exchange.line, `the recorded request is unreadable: ${request}`);
    }
    const messages = assembly.take(request);
    if (typeof messages === 'string') {
      throw new SourceProblem(file, exchange.line, `the recorded fragments are unreadable: ${messages}`);
    }
    entries.push({
      ...{ exchange, request, messages, matchedMessages: 0, matchedBytes: 0 },
      ...{ hasEnded: false, isAnswered: false, isSkipped: false },
    });
  }
  return entries;
}

export const isReceive = ({ request }: Entry): boolean => request.verb === 'Receive';
export const isSend = ({ request }: Entry): boolean => request.verb === 'Send';
/** Everything but Send and Receive happens once and in order. */
export const isAct = (entry: Entry): boolean => !isReceive(entry) && !isSend(entry);

/** Whether everything that the recorded client sent in this request has come from ours. */
export function isContentDone({
  request,
  messages,
  matchedMessages,
  matchedBytes,
  hasEnded,
}: Entry): boolean {
  if (matchedMessages < messages.length) return false;
  const { payload } = request;
  if (request.isPsrp || payload === undefined) return true;
  return matchedBytes === payload.bytes.length && (hasEnded || !payload.isEnd);
}

export function isDone(entry: Entry): boolean {
  if (entry.isSkipped) return true;
  return isSend(entry) ? isContentDone(entry) : entry.isAnswered && isContentDone(entry);
}

/** `#5 Receive`, as a reader finds it in the recording. */
export function nameOf({ exchange, request }: Entry): string {
  return `#${exchange.index} ${request.verb}`;
}
