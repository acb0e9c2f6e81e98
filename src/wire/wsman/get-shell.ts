import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { WsmanMessage } from './envelope.ts';
import { actions, namespaces } from './namespaces.ts';
import { bodyElement } from './parse-envelope.ts';
import type { Envelope } from './parse-envelope.ts';
import { parseShellElement, shellElement } from './shell-description.ts';
import type { ShellDescription } from './shell-description.ts';

/** Asks for one resource: a shell on `resourceUris.shells`, named by the ShellId selector, or `resourceUris.config`. */
export function get(): WsmanMessage {
  return { action: actions.get, body: '' };
}

export function shellGot(shell: ShellDescription): WsmanMessage {
  return { action: actions.getResponse, body: shellElement(shell) };
}

/** Reads the answer to Get on a shell; failure `wsman.malformed`. */
export function parseShellGot(envelope: Envelope): Result<ShellDescription> {
  const shell = bodyElement(envelope, namespaces.rsp, 'Shell');
  return shell.ok ? ok(parseShellElement(shell.value)) : shell;
}
