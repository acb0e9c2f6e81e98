import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { WsmanMessage } from './envelope.ts';
import { actions, namespaces } from './namespaces.ts';
import { bodyElement } from './parse-envelope.ts';
import type { Envelope } from './parse-envelope.ts';
import { parseShellElement, shellElement } from './shell-description.ts';
import type { ShellDescription } from './shell-description.ts';
import { textElement } from './shell-elements.ts';
import { childOf, childText, childrenOf } from './xml-element.ts';
import type { XmlElement } from './xml-element.ts';
import { element, text } from './xml-markup.ts';

/** Part of a list, and the context to pull the rest with. */
export interface Enumerated<Item> {
  readonly items: readonly Item[];
  /** Undefined when the list is complete. */
  readonly context: string | undefined;
}

/** A command in a list. */
export interface CommandDescription {
  readonly commandId: string;
  /** Empty for a PSRP pipeline. */
  readonly commandLine: string;
  /** `Running` or `Done`, in the server's words. */
  readonly state: string;
}

/** Answers Enumerate or Pull, for which WS-Enumeration has two spellings. */
export function shellsEnumerated(
  verb: 'enumerate' | 'pull',
  list: Enumerated<ShellDescription>,
): WsmanMessage {
  return listed(verb, list.items.map(shellElement), list.context);
}

export function commandsEnumerated(
  verb: 'enumerate' | 'pull',
  list: Enumerated<CommandDescription>,
): WsmanMessage {
  return listed(verb, list.items.map(commandElement), list.context);
}

/** Reads an answer to Enumerate or Pull on `resourceUris.shells`; failure `wsman.malformed`. */
export function parseShellsEnumerated(envelope: Envelope): Result<Enumerated<ShellDescription>> {
  return readList(envelope, 'Shell', parseShellElement);
}

/** Reads an answer to Enumerate or Pull on `resourceUris.commands`; failure `wsman.malformed`. */
export function parseCommandsEnumerated(envelope: Envelope): Result<Enumerated<CommandDescription>> {
  return readList(envelope, 'Command', parseCommandElement);
}

function listed(
  verb: 'enumerate' | 'pull',
  items: readonly string[],
  context: string | undefined,
): WsmanMessage {
  const isPull = verb === 'pull';
  const content = element(isPull ? 'n:Items' : 'w:Items', {}, ...items);
  const end = context === undefined ? element(isPull ? 'n:EndOfSequence' : 'w:EndOfSequence', {}) : '';
  return {
    action: isPull ? actions.pullResponse : actions.enumerateResponse,
    body: element(
      isPull ? 'n:PullResponse' : 'n:EnumerateResponse',
      {},
      element('n:EnumerationContext', {}, text(context ?? '')),
      content,
      end,
    ),
  };
}

function readList<Item>(
  envelope: Envelope,
  name: string,
  read: (item: XmlElement) => Item,
): Result<Enumerated<Item>> {
  const isPull = envelope.action === actions.pullResponse;
  const body = bodyElement(envelope, namespaces.n, isPull ? 'PullResponse' : 'EnumerateResponse');
  if (!body.ok) return body;
  const within = isPull ? namespaces.n : namespaces.w;
  const items = childOf(body.value, within, 'Items');
  const isComplete = childOf(body.value, within, 'EndOfSequence') !== undefined;
  const context = childText(body.value, namespaces.n, 'EnumerationContext') ?? '';
  return ok({
    items: items === undefined ? [] : childrenOf(items, namespaces.rsp, name).map(read),
    context: isComplete || context === '' ? undefined : context,
  });
}

function commandElement({ commandId, commandLine, state }: CommandDescription): string {
  return element(
    'rsp:Command',
    {},
    textElement('rsp:CommandId', commandId),
    textElement('rsp:CommandLine', commandLine),
    textElement('rsp:CommandState', state),
  );
}

function parseCommandElement(command: XmlElement): CommandDescription {
  return {
    commandId: childText(command, namespaces.rsp, 'CommandId') ?? '',
    commandLine: childText(command, namespaces.rsp, 'CommandLine') ?? '',
    state: childText(command, namespaces.rsp, 'CommandState') ?? '',
  };
}
