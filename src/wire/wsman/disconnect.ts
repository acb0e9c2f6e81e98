import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Duration } from '../../core/time.ts';
import type { WsmanMessage } from './envelope.ts';
import { actions, namespaces } from './namespaces.ts';
import { bodyElement } from './parse-envelope.ts';
import type { Envelope } from './parse-envelope.ts';
import type { BufferMode } from './shell-description.ts';
import { childDuration, durationElement, present, textElement } from './shell-elements.ts';
import { childText } from './xml-element.ts';
import { element } from './xml-markup.ts';

/**
 * Leaves a shell on its own, to be taken up again by Reconnect or Connect; Windows 8 / Server 2012 and later.
 *
 * @see MS-WSMV §3.1.4.15 rsp:Disconnect
 */
export interface Disconnect {
  /** How long it waits for somebody; the shell's own idle timeout where it is undefined. */
  readonly idleTimeout?: Duration;
  /** `Block`, the default, makes commands wait when the buffer is full; `Drop` loses output instead. */
  readonly bufferMode?: BufferMode;
}

export function disconnect(request: Disconnect = {}): WsmanMessage {
  return {
    action: actions.disconnect,
    body: element(
      'rsp:Disconnect',
      {},
      durationElement('rsp:IdleTimeOut', request.idleTimeout),
      textElement('rsp:BufferMode', request.bufferMode),
    ),
  };
}

/** Reads a Disconnect request; failure `wsman.malformed`. */
export function parseDisconnect(envelope: Envelope): Result<Disconnect> {
  const body = bodyElement(envelope, namespaces.rsp, 'Disconnect');
  if (!body.ok) return body;
  const mode = childText(body.value, namespaces.rsp, 'BufferMode');
  const bufferMode: BufferMode | undefined = mode === 'Block' || mode === 'Drop' ? mode : undefined;
  return ok(present({ idleTimeout: childDuration(body.value, 'IdleTimeOut'), bufferMode }));
}

export function disconnected(): WsmanMessage {
  return { action: actions.disconnectResponse, body: '' };
}

/** Takes a shell up again, with its commands; only for the SessionId that made or connected it. */
export function reconnect(): WsmanMessage {
  return { action: actions.reconnect, body: '' };
}

export function reconnected(): WsmanMessage {
  return { action: actions.reconnectResponse, body: '' };
}
