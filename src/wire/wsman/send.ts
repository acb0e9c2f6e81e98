import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import type { WsmanMessage } from './envelope.ts';
import { actions, namespaces } from './namespaces.ts';
import { bodyElement, malformed } from './parse-envelope.ts';
import type { Envelope } from './parse-envelope.ts';
import { childOf } from './xml-element.ts';
import { isEnd } from './stream-end.ts';
import { element } from './xml-markup.ts';

/**
 * Input for a shell or a command.
 *
 * @see MS-WSMV §3.1.4.12 rsp:Send
 */
export interface Send {
  /** `stdin` for input and further fragments, `pr` for answers to host calls. */
  readonly stream: string;
  readonly commandId: string | undefined;
  readonly data: Uint8Array;
  /** Whether nothing more comes on this stream; a program then reads the end of its input. */
  readonly end?: boolean;
}

export function send(request: Send): WsmanMessage {
  return {
    action: actions.send,
    body: element(
      'rsp:Send',
      {},
      element(
        'rsp:Stream',
        {
          Name: request.stream,
          CommandId: request.commandId,
          End: request.end === true ? 'true' : undefined,
        },
        encodeBase64(request.data),
      ),
    ),
  };
}

/** Reads a Send request; failure `wsman.malformed`. */
export function parseSend(envelope: Envelope): Result<Send> {
  const body = bodyElement(envelope, namespaces.rsp, 'Send');
  if (!body.ok) return body;
  const stream = childOf(body.value, namespaces.rsp, 'Stream');
  const data = decodeBase64(stream?.text ?? '');
  if (stream === undefined || data === undefined) return malformed('Send', 'it has no stream in base64');
  return ok({
    stream: stream.attributes.get('Name') ?? '',
    commandId: stream.attributes.get('CommandId'),
    data,
    ...(isEnd(stream) ? { end: true } : {}),
  });
}

export function sent(): WsmanMessage {
  return { action: actions.sendResponse, body: element('rsp:SendResponse', {}) };
}
