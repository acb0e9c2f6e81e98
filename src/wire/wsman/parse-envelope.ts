import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Duration } from '../../core/time.ts';
import { actionName, namespaces } from './namespaces.ts';
import { parseXmlDuration } from './xml-duration.ts';
import { childOf, childText, childrenOf, parseXml } from './xml-element.ts';
import type { XmlElement } from './xml-element.ts';

/** An envelope of either direction, taken apart; what was not sent is undefined or empty. */
export interface Envelope {
  readonly action: string;
  /** As sent, `uuid:` included; empty where there was none. */
  readonly messageId: string;
  readonly relatesTo: string | undefined;
  readonly resourceUri: string | undefined;
  readonly sessionId: string | undefined;
  readonly maxEnvelopeBytes: number | undefined;
  readonly operationTimeout: Duration | undefined;
  readonly selectors: ReadonlyMap<string, string>;
  readonly options: ReadonlyMap<string, string>;
  /** Elements of s:Body. */
  readonly body: readonly XmlElement[];
}

/**
 * Reads an envelope that the other side sent.
 *
 * @param what - What is being read, for the message: `Receive`.
 * @returns Failure `wsman.malformed` for anything that is no SOAP 1.2 envelope with an action.
 */
export function parseEnvelope(bytes: Uint8Array, what: string): Result<Envelope> {
  const root = parseXml(bytes);
  if (!root.ok) return malformed(what, root.error);
  if (root.value.name !== 'Envelope' || root.value.namespace !== namespaces.s)
    return malformed(what, 'it is no SOAP 1.2 envelope');
  const header = childOf(root.value, namespaces.s, 'Header');
  const body = childOf(root.value, namespaces.s, 'Body');
  if (header === undefined || body === undefined) return malformed(what, 'it has no header or no body');
  const action = childText(header, namespaces.a, 'Action');
  if (action === undefined) return malformed(what, 'it names no action');
  return ok({
    action,
    messageId: childText(header, namespaces.a, 'MessageID') ?? '',
    relatesTo: childText(header, namespaces.a, 'RelatesTo'),
    resourceUri: childText(header, namespaces.w, 'ResourceURI'),
    sessionId: childText(header, namespaces.p, 'SessionId'),
    maxEnvelopeBytes: byteCount(childText(header, namespaces.w, 'MaxEnvelopeSize')),
    operationTimeout: parseXmlDuration(childText(header, namespaces.w, 'OperationTimeout') ?? ''),
    selectors: namedTexts(childOf(header, namespaces.w, 'SelectorSet'), 'Selector'),
    options: namedTexts(childOf(header, namespaces.w, 'OptionSet'), 'Option'),
    body: body.children,
  });
}

/**
 * The body's only element, which must have this name.
 *
 * @returns Failure `wsman.malformed` otherwise.
 */
export function bodyElement(envelope: Envelope, namespace: string, name: string): Result<XmlElement> {
  const found = envelope.body.find((child) => child.name === name && child.namespace === namespace);
  return found === undefined
    ? malformed(actionName(envelope.action), `its body has no ${name} element`)
    : ok(found);
}

/** Failure `wsman.malformed`. */
export function malformed(what: string, reason: string): Result<never> {
  return err(failure('wsman.malformed', { action: what, reason }));
}

function namedTexts(set: XmlElement | undefined, name: string): ReadonlyMap<string, string> {
  const entries = set === undefined ? [] : childrenOf(set, namespaces.w, name);
  return new Map(entries.map((entry) => [entry.attributes.get('Name') ?? '', entry.text.trim()]));
}

function byteCount(source: string | undefined): number | undefined {
  return source !== undefined && /^\d{1,10}$/.test(source) ? Number(source) : undefined;
}
