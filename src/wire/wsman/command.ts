import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import type { WsmanMessage } from './envelope.ts';
import { actions, namespaces } from './namespaces.ts';
import { bodyElement, malformed } from './parse-envelope.ts';
import type { Envelope } from './parse-envelope.ts';
import { childText, childrenOf } from './xml-element.ts';
import { element, text } from './xml-markup.ts';

/**
 * Starts a PSRP pipeline: the command line stays empty, the first fragment of CREATE_PIPELINE is its argument.
 *
 * @see MS-WSMV §3.1.4.11 rsp:Command and MS-PSRP §3.1.5.3.3
 */
export interface PipelineCommand {
  /** Chosen by the client; undefined where it left the choice to the server. */
  readonly commandId: string | undefined;
  readonly fragments: Uint8Array;
}

export function pipelineCommand(request: PipelineCommand): WsmanMessage {
  return {
    action: actions.command,
    body: element(
      'rsp:CommandLine',
      { CommandId: request.commandId },
      element('rsp:Command', {}),
      element('rsp:Arguments', {}, encodeBase64(request.fragments)),
    ),
  };
}

/** Reads a Command request for a PSRP shell; failure `wsman.malformed`. */
export function parsePipelineCommand(envelope: Envelope): Result<PipelineCommand> {
  const line = bodyElement(envelope, namespaces.rsp, 'CommandLine');
  if (!line.ok) return line;
  const joined = childrenOf(line.value, namespaces.rsp, 'Arguments')
    .map((argument) => argument.text)
    .join('');
  const fragments = decodeBase64(joined);
  if (fragments === undefined) return malformed('Command', 'its arguments are no base64');
  return ok({ commandId: line.value.attributes.get('CommandId'), fragments });
}

export function commandStarted(commandId: string): WsmanMessage {
  return {
    action: actions.commandResponse,
    body: element('rsp:CommandResponse', {}, element('rsp:CommandId', {}, text(commandId))),
  };
}

/**
 * Reads the answer to Command.
 *
 * @returns The id that counts from now on: Windows 7 and 2008 R2 ignore the client's. Failure `wsman.malformed`.
 */
export function parseCommandStarted(envelope: Envelope): Result<string> {
  const response = bodyElement(envelope, namespaces.rsp, 'CommandResponse');
  if (!response.ok) return response;
  const commandId = childText(response.value, namespaces.rsp, 'CommandId');
  return commandId === undefined ? malformed('Command', 'it names no CommandId') : ok(commandId);
}
