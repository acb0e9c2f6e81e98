import { actions, namespaces } from './namespaces.ts';
import type { WsmanMessage } from './envelope.ts';
import type { WsmanFault } from './fault.ts';
import type { Envelope } from './parse-envelope.ts';
import { childOf, childText } from './xml-element.ts';
import type { XmlElement } from './xml-element.ts';
import { element, text } from './xml-markup.ts';

/** Builds the body of a fault; it travels with HTTP status 500. */
export function faultMessage(fault: WsmanFault, machine: string): WsmanMessage {
  const reason = text(fault.reason);
  return {
    action: actions.fault,
    body: element(
      's:Fault',
      {},
      element(
        's:Code',
        {},
        element('s:Value', {}, fault.side === 'sender' ? 's:Sender' : 's:Receiver'),
        fault.subcode === ''
          ? ''
          : element('s:Subcode', {}, element('s:Value', {}, `w:${text(fault.subcode)}`)),
      ),
      element('s:Reason', {}, element('s:Text', { 'xml:lang': 'en-US' }, reason)),
      fault.code === undefined
        ? ''
        : element(
            's:Detail',
            {},
            element(
              'f:WSManFault',
              { Code: String(fault.code), Machine: machine },
              element('f:Message', {}, reason),
            ),
          ),
    ),
  };
}

/** The fault that an envelope carries; undefined when it carries none. */
export function parseFault(envelope: Envelope): WsmanFault | undefined {
  const fault = envelope.body.find((child) => child.name === 'Fault' && child.namespace === namespaces.s);
  if (fault === undefined) return undefined;
  const code = childOf(fault, namespaces.s, 'Code');
  const subcode = code && childOf(code, namespaces.s, 'Subcode');
  const kind = localPart(code && childText(code, namespaces.s, 'Value'));
  const reason = childOf(fault, namespaces.s, 'Reason');
  const detail = childOf(fault, namespaces.s, 'Detail');
  return {
    code: detail && detailCode(detail),
    // s:MustUnderstand comes as the code itself, without a subcode.
    subcode: localPart(subcode && childText(subcode, namespaces.s, 'Value')) || (sides.has(kind) ? '' : kind),
    side: sides.get(kind) ?? 'sender',
    reason: (detail && innermostMessage(detail)) ?? (reason && childText(reason, namespaces.s, 'Text')) ?? '',
  };
}

const sides: ReadonlyMap<string, WsmanFault['side']> = new Map([
  ['Sender', 'sender'],
  ['Receiver', 'receiver'],
]);

/** A provider's fault lies inside the service's, and says more; deeper ones come later in document order. */
function detailCode(detail: XmlElement): number | undefined {
  let code: number | undefined;
  for (const node of descendants(detail)) {
    if (node.name === 'WSManFault') code = unsigned(node.attributes.get('Code')) ?? code;
    // MSFT_WmiError has no attribute; its namespace is the class's own.
    if (node.name === 'error_Code') code ??= unsigned(node.text.trim());
  }
  return code;
}

function innermostMessage(detail: XmlElement): string | undefined {
  const texts = [...descendants(detail)]
    .filter((node) => node.name === 'Message' || node.name === 'ProviderFault')
    .map((node) => node.text.trim());
  return texts.findLast((message) => message !== '');
}

function* descendants(parent: XmlElement): Generator<XmlElement> {
  for (const child of parent.children) {
    yield child;
    yield* descendants(child);
  }
}

function unsigned(source: string | undefined): number | undefined {
  if (source === undefined || !/^-?\d{1,10}$/.test(source)) return undefined;
  return Number(source) >>> 0;
}

function localPart(qualified: string | undefined): string {
  return qualified === undefined ? '' : qualified.slice(qualified.indexOf(':') + 1).trim();
}
