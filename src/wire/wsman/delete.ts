import type { WsmanMessage } from './envelope.ts';
import { actions } from './namespaces.ts';

/** Frees the shell that the selectors name. */
export function deleteShell(): WsmanMessage {
  return { action: actions.delete, body: '' };
}

export function shellDeleted(): WsmanMessage {
  return { action: actions.deleteResponse, body: '' };
}
