import { decodeBase64 } from '../../../src/wire/bytes/base64.ts';
import { actionName, namespaces } from '../../../src/wire/wsman/namespaces.ts';
import { childOf, childText, childrenOf, parseXml } from '../../../src/wire/wsman/xml-element.ts';
import type { XmlElement } from '../../../src/wire/wsman/xml-element.ts';
import type { Override } from '../recording.ts';

/** What a WS-Man request means, without what belongs to the client that wrote it (INDEX.md §3.2). */
export interface Request {
  /** Last part of the action: `Receive`. */
  readonly verb: string;
  readonly resourceUri: string;
  readonly isPsrp: boolean;
  /** Without `uuid:`. */
  readonly messageId: string;
  readonly sessionId: string;
  readonly shellId: string | undefined;
  readonly commandId: string | undefined;
  /** Everything else that counts, by name: `option WINRS_CODEPAGE`, `Shell/WorkingDirectory`, `CommandLine/Arguments[1]`. */
  readonly facts: ReadonlyMap<string, string>;
  /** Bytes for a stream of the shell or command: fragments for PSRP, input for a process. */
  readonly payload: Payload | undefined;
}

export interface Payload {
  readonly stream: string;
  readonly bytes: Uint8Array;
  readonly isEnd: boolean;
}

/** Reads a request. @returns The reason as a text where it is no WS-Man request. */
export function readRequest(envelope: Uint8Array, overrides: readonly Override[] = []): Request | string {
  const root = parseXml(envelope, { maxDepth: 100, maxElements: 100_000 });
  if (!root.ok) return root.error;
  const whole = overrides.reduce(applyOverride, root.value);
  const header = childOf(whole, namespaces.s, 'Header');
  const body = childOf(whole, namespaces.s, 'Body');
  if (header === undefined || body === undefined) return 'it has no header or no body';
  const verb = actionName(childText(header, namespaces.a, 'Action') ?? '');
  const resourceUri = childText(header, namespaces.w, 'ResourceURI') ?? '';
  const isPsrp = resourceUri.startsWith(`${namespaces.ps}/`);
  const reader = new BodyReader(isPsrp);
  for (const child of body.children) reader.read(child, child.name);
  const selectors = namedTexts(header, 'SelectorSet', 'Selector');
  const shellId = selectors.get('ShellId') ?? reader.shellId;
  selectors.delete('ShellId');
  return {
    verb,
    resourceUri,
    isPsrp,
    messageId: withoutScheme(childText(header, namespaces.a, 'MessageID')),
    sessionId: withoutScheme(childText(header, namespaces.p, 'SessionId')),
    shellId,
    commandId: reader.commandId,
    facts: new Map([
      ...prefixed('option', namedTexts(header, 'OptionSet', 'Option')),
      ...prefixed('selector', selectors),
      ...reader.facts,
    ]),
    payload: reader.payload,
  };
}

/** `Receive cmd of command …`, for people. */
export function describeRequest({ verb, resourceUri, commandId, facts }: Request): string {
  const resource = resourceUri.slice(resourceUri.lastIndexOf('/') + 1);
  const command = commandId === undefined ? [] : [`of command ${commandId}`];
  return [verb, resource, ...command, facts.get('Signal/Code') ?? ''].filter((part) => part !== '').join(' ');
}

/** Whether two requests of one client are about the same shell. */
export function isSameShell(one: Request, other: Request): boolean {
  return one.shellId?.toLowerCase() === other.shellId?.toLowerCase();
}

export function isSameCommand(one: Request, other: Request): boolean {
  return isSameShell(one, other) && one.commandId?.toLowerCase() === other.commandId?.toLowerCase();
}

function withoutScheme(id: string | undefined): string {
  return (id ?? '').replace(/^uuid:/i, '');
}

function namedTexts(header: XmlElement, set: string, name: string): Map<string, string> {
  const parent = childOf(header, namespaces.w, set);
  const entries = parent === undefined ? [] : childrenOf(parent, namespaces.w, name);
  return new Map(entries.map((entry) => [entry.attributes.get('Name') ?? '', entry.text.trim()]));
}

function prefixed(prefix: string, all: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...all].map(([name, value]) => [`${prefix} ${name}`, value]);
}

/** Flattens a body into facts, and takes the ids and the payload out of it. */
class BodyReader {
  readonly facts = new Map<string, string>();
  readonly #isPsrp: boolean;
  shellId: string | undefined;
  commandId: string | undefined;
  payload: Payload | undefined;

  constructor(isPsrp: boolean) {
    this.#isPsrp = isPsrp;
  }

  read(element: XmlElement, path: string): void {
    for (const [name, value] of element.attributes) this.#readAttribute(element, path, name, value);
    if (this.#takePayload(element)) return;
    const text = element.children.length > 0 ? '' : element.text;
    if (text !== '' || element.children.length === 0) this.facts.set(path, text);
    const counts = new Map<string, number>();
    for (const child of element.children) {
      const count = counts.get(child.name) ?? 0;
      counts.set(child.name, count + 1);
      const isRepeated = element.children.filter(({ name }) => name === child.name).length > 1;
      const label = child.attributes.get('Name') ?? (isRepeated ? String(count) : undefined);
      this.read(child, `${path}/${child.name}${label === undefined ? '' : `[${label}]`}`);
    }
  }

  #readAttribute(element: XmlElement, path: string, name: string, value: string): void {
    if (name === 'CommandId') this.commandId = value;
    else if (name === 'ShellId') this.shellId = value;
    else if (name.startsWith('xmlns') || ['rsp', 's', 'lang', 'mustUnderstand'].includes(name)) return;
    else if (name === 'End' && element.name === 'Stream') return;
    else if (name !== 'Name' || path === 'Shell') this.facts.set(`${path}@${name}`, value);
  }

  #takePayload(element: XmlElement): boolean {
    const { name } = element;
    const isPayload =
      name === 'creationXml' ||
      name === 'connectXml' ||
      name === 'Stream' ||
      (name === 'Arguments' && this.#isPsrp);
    if (!isPayload) return false;
    const bytes = decodeBase64(element.text);
    if (bytes === undefined) return false;
    const stream = element.attributes.get('Name') ?? 'stdin';
    const isEnd = element.attributes.get('End')?.toLowerCase() === 'true';
    this.payload = { stream, bytes, isEnd };
    return true;
  }
}

function applyOverride(root: XmlElement, { path, text, attributes }: Override): XmlElement {
  const [step, ...rest] = path;
  if (step === undefined) {
    return { ...root, text: text ?? root.text, attributes: new Map([...root.attributes, ...attributes]) };
  }
  const name = step.slice(step.indexOf(':') + 1);
  const children = root.children.map((child) =>
    child.name === name ? applyOverride(child, { path: rest, text, attributes }) : child,
  );
  return { ...root, children };
}
