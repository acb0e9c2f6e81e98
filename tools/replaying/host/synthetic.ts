import { randomUUID } from 'node:crypto';
import { shellDeleted } from '../../../src/wire/wsman/delete.ts';
import { buildReply } from '../../../src/wire/wsman/envelope.ts';
import type { WsmanMessage } from '../../../src/wire/wsman/envelope.ts';
import { faultCodes } from '../../../src/wire/wsman/fault-codes.ts';
import { faultMessage } from '../../../src/wire/wsman/fault-message.ts';
import { received } from '../../../src/wire/wsman/receive.ts';
import { sent } from '../../../src/wire/wsman/send.ts';
import { signalled } from '../../../src/wire/wsman/signal.ts';
import type { HostAnswer } from './host-answer.ts';
import type { Request } from './request.ts';

/** Answers to requests that the recorded client did not send (INDEX.md §3.5). */
export const synthetic = {
  signalled: (request: Request) => reply(request, signalled()),
  deleted: (request: Request) => reply(request, shellDeleted()),
  sent: (request: Request) => reply(request, sent()),
  /** A command that was stopped has nothing more to give. */
  done: (request: Request) =>
    reply(request, received(request.commandId, { streams: [], state: 'done', exitCode: 0 })),
  shellGone: (request: Request) =>
    fault(request, faultCodes.invalidSelectors, 'InvalidSelectors', 'The shell was deleted.'),
  disconnected: (request: Request) =>
    fault(request, faultCodes.streamDisconnected, 'InternalError', 'The shell was disconnected.'),
};

function reply(request: Request, message: WsmanMessage, status = 200): HostAnswer {
  const messageId = randomUUID().toUpperCase();
  const body = buildReply({ messageId, relatesTo: `uuid:${request.messageId}` }, message);
  return { kind: 'answer', status, body };
}

function fault(request: Request, code: number, subcode: string, reason: string): HostAnswer {
  return reply(request, faultMessage({ code, subcode, side: 'sender', reason }, 'recording'), 500);
}
