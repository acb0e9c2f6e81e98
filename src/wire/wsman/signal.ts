import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { WsmanMessage } from './envelope.ts';
import { actions, namespaces } from './namespaces.ts';
import { bodyElement, malformed } from './parse-envelope.ts';
import type { Envelope } from './parse-envelope.ts';
import { childText } from './xml-element.ts';
import { element, text } from './xml-markup.ts';

export const signalCodes = {
  /** Control-C for a program of a cmd shell. */
  ctrlC: `${namespaces.rsp}/signal/ctrl_c`,
  /** Control-Break, which a program cannot ignore as easily. */
  ctrlBreak: `${namespaces.rsp}/signal/ctrl_break`,
  /** Ends and frees a command; owed for every finished one, since each counts against the shell's quota. */
  terminate: `${namespaces.rsp}/signal/Terminate`,
  /**
   * Stops a pipeline gracefully. The spelling is PowerShell's own (`fanin/WSManPlugin.cs`): it compares the text
   * ordinally, and every other code closes the command instead.
   */
  stopPipeline: 'powershell/signal/crtl_c',
} as const;

/** @see MS-WSMV §3.1.4.13 rsp:Signal */
export interface Signal {
  readonly commandId: string;
  readonly code: string;
}

export function signal(request: Signal): WsmanMessage {
  return {
    action: actions.signal,
    body: element(
      'rsp:Signal',
      { CommandId: request.commandId },
      element('rsp:Code', {}, text(request.code)),
    ),
  };
}

/** Reads a Signal request; failure `wsman.malformed`. */
export function parseSignal(envelope: Envelope): Result<Signal> {
  const body = bodyElement(envelope, namespaces.rsp, 'Signal');
  if (!body.ok) return body;
  const commandId = body.value.attributes.get('CommandId');
  const code = childText(body.value, namespaces.rsp, 'Code');
  if (commandId === undefined || code === undefined)
    return malformed('Signal', 'it names no command or no code');
  return ok({ commandId, code });
}

export function signalled(): WsmanMessage {
  return { action: actions.signalResponse, body: element('rsp:SignalResponse', {}) };
}
