import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import type { WsmanMessage } from './envelope.ts';
import { actions, namespaces } from './namespaces.ts';
import { bodyElement, malformed } from './parse-envelope.ts';
import type { Envelope } from './parse-envelope.ts';
import { isEnd } from './stream-end.ts';
import { childOf, childText, childrenOf } from './xml-element.ts';
import type { XmlElement } from './xml-element.ts';
import { element, text } from './xml-markup.ts';

/**
 * Asks for output: a long poll that the server answers when there is some, or faults with TimedOut.
 *
 * @see MS-WSMV §3.1.4.14 rsp:Receive
 */
export interface Receive {
  /** Stream names, space-separated: `stdout` for PSRP, `stdout stderr` for a cmd shell. */
  readonly streams: string;
  /** Undefined asks the shell itself, which for PSRP is the runspace pool. */
  readonly commandId: string | undefined;
}

export function receive(request: Receive): WsmanMessage {
  return {
    action: actions.receive,
    options: [{ name: 'WSMAN_CMDSHELL_OPTION_KEEPALIVE', value: 'True' }],
    body: element(
      'rsp:Receive',
      {},
      element('rsp:DesiredStream', { CommandId: request.commandId }, text(request.streams)),
    ),
  };
}

/** Reads a Receive request; failure `wsman.malformed`. */
export function parseReceive(envelope: Envelope): Result<Receive> {
  const body = bodyElement(envelope, namespaces.rsp, 'Receive');
  if (!body.ok) return body;
  const desired = childOf(body.value, namespaces.rsp, 'DesiredStream');
  if (desired === undefined) return malformed('Receive', 'it names no stream');
  return ok({ streams: desired.text.trim(), commandId: desired.attributes.get('CommandId') });
}

export interface StreamData {
  readonly stream: string;
  readonly data: Uint8Array;
  /** Whether this stream has ended; says nothing about the command. */
  readonly end?: boolean;
}

export type CommandState = 'running' | 'pending' | 'done';

/** The answer to Receive: pieces of streams in order, and the state of the command where the server gave one. */
export interface Received {
  readonly streams: readonly StreamData[];
  readonly state: CommandState | undefined;
  /** Of a command that is done; always 0 for PSRP. */
  readonly exitCode: number | undefined;
}

export function received(commandId: string | undefined, answer: Received): WsmanMessage {
  return {
    action: actions.receiveResponse,
    body: element(
      'rsp:ReceiveResponse',
      {},
      ...answer.streams.map(({ stream, data, end }) =>
        element(
          'rsp:Stream',
          { Name: stream, CommandId: commandId, End: end === true ? 'true' : undefined },
          encodeBase64(data),
        ),
      ),
      answer.state === undefined
        ? ''
        : element(
            'rsp:CommandState',
            { CommandId: commandId, State: stateUris[answer.state] },
            answer.exitCode === undefined ? '' : element('rsp:ExitCode', {}, String(answer.exitCode)),
          ),
    ),
  };
}

/** Reads the answer to Receive; failure `wsman.malformed`. */
export function parseReceived(envelope: Envelope): Result<Received> {
  const body = bodyElement(envelope, namespaces.rsp, 'ReceiveResponse');
  if (!body.ok) return body;
  const streams: StreamData[] = [];
  for (const stream of childrenOf(body.value, namespaces.rsp, 'Stream')) {
    const data = decodeBase64(stream.text);
    if (data === undefined) return malformed('Receive', 'a stream is no base64');
    const name = stream.attributes.get('Name') ?? '';
    streams.push({ stream: name, data, ...(isEnd(stream) ? { end: true } : {}) });
  }
  const state = childOf(body.value, namespaces.rsp, 'CommandState');
  return ok({ streams, state: state && commandState(state), exitCode: state && exitCode(state) });
}

const stateUris: Readonly<Record<CommandState, string>> = {
  running: `${namespaces.rsp}/CommandState/Running`,
  pending: `${namespaces.rsp}/CommandState/Pending`,
  done: `${namespaces.rsp}/CommandState/Done`,
};

function commandState(state: XmlElement): CommandState | undefined {
  const uri = state.attributes.get('State');
  return (['running', 'pending', 'done'] as const).find((name) => stateUris[name] === uri);
}

function exitCode(state: XmlElement): number | undefined {
  const source = childText(state, namespaces.rsp, 'ExitCode');
  return source !== undefined && /^-?\d{1,10}$/.test(source) ? Number(source) : undefined;
}
