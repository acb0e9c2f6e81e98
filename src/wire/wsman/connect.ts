import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import type { WsmanMessage, WsmanOption } from './envelope.ts';
import { actions, namespaces } from './namespaces.ts';
import { bodyElement, malformed } from './parse-envelope.ts';
import type { Envelope } from './parse-envelope.ts';
import { present, textElement } from './shell-elements.ts';
import { childText } from './xml-element.ts';
import type { XmlElement } from './xml-element.ts';
import { element } from './xml-markup.ts';

/**
 * Takes over a disconnected shell from another client, or one of its commands.
 *
 * @see MS-WSMV §3.1.4.17 rsp:Connect and MS-PSRP §3.1.5.4.14
 */
export interface Connect {
  /** The command that is meant; undefined for the shell itself, which comes first. */
  readonly commandId?: string;
  /** PSRP fragments of SESSION_CAPABILITY and CONNECT_RUNSPACEPOOL, for the shell only. */
  readonly connectXml?: Uint8Array;
}

export function connect(request: Connect, options: readonly WsmanOption[] = []): WsmanMessage {
  const { commandId, connectXml } = request;
  return {
    action: actions.connect,
    options,
    body: element('rsp:Connect', { CommandId: commandId }, fragmentsElement('connectXml', connectXml)),
  };
}

/** Reads a Connect request; failure `wsman.malformed`. */
export function parseConnect(envelope: Envelope): Result<Connect> {
  const body = bodyElement(envelope, namespaces.rsp, 'Connect');
  if (!body.ok) return body;
  const connectXml = fragments(body.value, 'connectXml');
  if (!connectXml.ok) return connectXml;
  return ok(present({ commandId: body.value.attributes.get('CommandId'), connectXml: connectXml.value }));
}

/** The answer to Connect; all of it is missing where a command was meant. */
export interface Connected {
  readonly inputStreams?: string;
  readonly outputStreams?: string;
  /** PSRP fragments of the server's SESSION_CAPABILITY and RUNSPACEPOOL_INIT_DATA. */
  readonly connectResponseXml?: Uint8Array;
}

export function connected(answer: Connected): WsmanMessage {
  return {
    action: actions.connectResponse,
    body: element(
      'rsp:ConnectResponse',
      {},
      textElement('rsp:InputStreams', answer.inputStreams),
      textElement('rsp:OutputStreams', answer.outputStreams),
      fragmentsElement('connectResponseXml', answer.connectResponseXml),
    ),
  };
}

/** Reads the answer to Connect; failure `wsman.malformed`. */
export function parseConnected(envelope: Envelope): Result<Connected> {
  const body = bodyElement(envelope, namespaces.rsp, 'ConnectResponse');
  if (!body.ok) return body;
  const connectResponseXml = fragments(body.value, 'connectResponseXml');
  if (!connectResponseXml.ok) return connectResponseXml;
  return ok(
    present({
      inputStreams: childText(body.value, namespaces.rsp, 'InputStreams'),
      outputStreams: childText(body.value, namespaces.rsp, 'OutputStreams'),
      connectResponseXml: connectResponseXml.value,
    }),
  );
}

function fragmentsElement(name: string, bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : element(name, { xmlns: namespaces.ps }, encodeBase64(bytes));
}

function fragments(parent: XmlElement, name: string): Result<Uint8Array | undefined> {
  const source = childText(parent, namespaces.ps, name);
  const bytes = source === undefined ? undefined : decodeBase64(source);
  return source !== undefined && bytes === undefined
    ? malformed('Connect', `its ${name} is no base64`)
    : ok(bytes);
}
