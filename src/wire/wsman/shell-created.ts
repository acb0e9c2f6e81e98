import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { WsmanMessage } from './envelope.ts';
import { actions, namespaces } from './namespaces.ts';
import { bodyElement, malformed } from './parse-envelope.ts';
import type { Envelope } from './parse-envelope.ts';
import { parseShellElement, shellElement } from './shell-description.ts';
import type { ShellDescription } from './shell-description.ts';
import { childOf, childText } from './xml-element.ts';
import { element, text } from './xml-markup.ts';

/** What the server says about the shell it made. */
export interface ShellCreated {
  /** To be used as it is: WinRM 1.1 answers `uuid:…`, and means it. */
  readonly shellId: string;
  readonly resourceUri: string;
  /** Left out by WinRM 1.1. */
  readonly shell?: ShellDescription;
}

/** Answers Create; `address` is the URL of the service. */
export function shellCreated(address: string, shell: ShellDescription): WsmanMessage {
  return {
    action: actions.createResponse,
    body:
      element(
        'x:ResourceCreated',
        {},
        element('a:Address', {}, text(address)),
        element(
          'a:ReferenceParameters',
          {},
          element('w:ResourceURI', {}, text(shell.resourceUri)),
          element('w:SelectorSet', {}, element('w:Selector', { Name: 'ShellId' }, text(shell.shellId))),
        ),
      ) + shellElement(shell),
  };
}

/** Reads the answer to Create; failure `wsman.malformed`. */
export function parseShellCreated(envelope: Envelope): Result<ShellCreated> {
  const created = bodyElement(envelope, namespaces.x, 'ResourceCreated');
  if (!created.ok) return created;
  const reference = childOf(created.value, namespaces.a, 'ReferenceParameters');
  const set = reference && childOf(reference, namespaces.w, 'SelectorSet');
  const selector = set?.children.find((child) => child.attributes.get('Name') === 'ShellId');
  if (reference === undefined || selector === undefined) return malformed('Create', 'it names no ShellId');
  const shell = bodyElement(envelope, namespaces.rsp, 'Shell');
  return ok({
    shellId: selector.text.trim(),
    resourceUri: childText(reference, namespaces.w, 'ResourceURI') ?? '',
    ...(shell.ok ? { shell: parseShellElement(shell.value) } : {}),
  });
}
