import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { WsmanMessage } from './envelope.ts';
import { actions, namespaces } from './namespaces.ts';
import { bodyElement, malformed } from './parse-envelope.ts';
import type { Envelope } from './parse-envelope.ts';
import { childOf, childText } from './xml-element.ts';
import type { XmlElement } from './xml-element.ts';
import { element, text } from './xml-markup.ts';

const selectorFilter = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter';

/**
 * Asks for a list: of shells on `resourceUris.shells`, of a shell's commands on `resourceUris.commands`.
 *
 * @see DSP0226 §8 and WS-Enumeration
 */
export interface Enumerate {
  /** At most this many in the answer itself; the rest is pulled. Undefined gives none at once. */
  readonly maxElements?: number;
  /** The shell whose commands are meant. */
  readonly shellId?: string;
}

export function enumerate({ maxElements, shellId }: Enumerate): WsmanMessage {
  return {
    action: actions.enumerate,
    body: element(
      'n:Enumerate',
      {},
      maxElements === undefined
        ? ''
        : element('w:OptimizeEnumeration', {}) + element('w:MaxElements', {}, String(maxElements)),
      shellId === undefined
        ? ''
        : element(
            'w:Filter',
            { Dialect: selectorFilter },
            element('w:SelectorSet', {}, element('w:Selector', { Name: 'ShellId' }, text(shellId))),
          ),
    ),
  };
}

/** Reads an Enumerate request; failure `wsman.malformed`, also for filters of other dialects. */
export function parseEnumerate(envelope: Envelope): Result<Enumerate> {
  const body = bodyElement(envelope, namespaces.n, 'Enumerate');
  if (!body.ok) return body;
  const filter = childOf(body.value, namespaces.w, 'Filter');
  if (filter !== undefined && filter.attributes.get('Dialect') !== selectorFilter)
    return malformed('Enumerate', 'its filter is no selector filter');
  const isOptimized = childOf(body.value, namespaces.w, 'OptimizeEnumeration') !== undefined;
  const shellId = filter && filteredShell(filter);
  return ok({
    // DSP0226 §8.2.3: one item where the client does not say how many it wants.
    ...(isOptimized ? { maxElements: readCount(body.value, namespaces.w) ?? 1 } : {}),
    ...(shellId === undefined ? {} : { shellId }),
  });
}

/** Asks for the next part of a list. */
export interface Pull {
  readonly context: string;
  readonly maxElements: number;
}

export function pull({ context, maxElements }: Pull): WsmanMessage {
  return {
    action: actions.pull,
    body: element(
      'n:Pull',
      {},
      element('n:EnumerationContext', {}, text(context)),
      element('n:MaxElements', {}, String(maxElements)),
    ),
  };
}

/** Reads a Pull request; failure `wsman.malformed`. */
export function parsePull(envelope: Envelope): Result<Pull> {
  const body = bodyElement(envelope, namespaces.n, 'Pull');
  if (!body.ok) return body;
  const context = childText(body.value, namespaces.n, 'EnumerationContext');
  if (context === undefined) return malformed('Pull', 'it names no context');
  return ok({ context, maxElements: readCount(body.value, namespaces.n) ?? 1 });
}

/** Gives up the rest of a list. */
export function release(context: string): WsmanMessage {
  return {
    action: actions.release,
    body: element('n:Release', {}, element('n:EnumerationContext', {}, text(context))),
  };
}

/** Reads a Release request, and gives its context; failure `wsman.malformed`. */
export function parseRelease(envelope: Envelope): Result<string> {
  const body = bodyElement(envelope, namespaces.n, 'Release');
  if (!body.ok) return body;
  const context = childText(body.value, namespaces.n, 'EnumerationContext');
  return context === undefined ? malformed('Release', 'it names no context') : ok(context);
}

export function released(): WsmanMessage {
  return { action: actions.releaseResponse, body: '' };
}

function filteredShell(filter: XmlElement): string | undefined {
  const set = childOf(filter, namespaces.w, 'SelectorSet');
  return set?.children.find((child) => child.attributes.get('Name') === 'ShellId')?.text.trim();
}

function readCount(parent: XmlElement, namespace: string): number | undefined {
  const source = childText(parent, namespace, 'MaxElements');
  return source !== undefined && /^[1-9]\d{0,8}$/.test(source) ? Number(source) : undefined;
}
