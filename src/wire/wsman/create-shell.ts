import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Duration } from '../../core/time.ts';
import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import type { WsmanMessage, WsmanOption } from './envelope.ts';
import { actions, namespaces } from './namespaces.ts';
import { bodyElement, malformed } from './parse-envelope.ts';
import type { Envelope } from './parse-envelope.ts';
import { formatXmlDuration, parseXmlDuration } from './xml-duration.ts';
import { childOf, childText } from './xml-element.ts';
import { element, text } from './xml-markup.ts';

/**
 * A request for a new shell.
 *
 * @see MS-WSMV §3.1.4.5.2 wxf:Create https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-wsmv
 */
export interface CreateShell {
  /** Chosen by the client for PSRP, where it is the runspace pool's id; else the server chooses. */
  readonly shellId: string | undefined;
  /** Stream names, space-separated: `stdin pr` for PSRP. */
  readonly inputStreams: string;
  readonly outputStreams: string;
  /** After this long without a request the server frees the shell; at least 60 s. */
  readonly idleTimeout: Duration | undefined;
  /** PSRP fragments; undefined for a cmd shell. */
  readonly creationXml: Uint8Array | undefined;
}

export function createShell(request: CreateShell, options: readonly WsmanOption[] = []): WsmanMessage {
  const { idleTimeout, creationXml } = request;
  return {
    action: actions.create,
    options,
    body: element(
      'rsp:Shell',
      { ShellId: request.shellId },
      element('rsp:InputStreams', {}, text(request.inputStreams)),
      element('rsp:OutputStreams', {}, text(request.outputStreams)),
      idleTimeout === undefined ? '' : element('rsp:IdleTimeOut', {}, formatXmlDuration(idleTimeout)),
      creationXml === undefined
        ? ''
        : element('creationXml', { xmlns: namespaces.ps }, encodeBase64(creationXml)),
    ),
  };
}

/** Reads a Create request; failure `wsman.malformed`. */
export function parseCreateShell(envelope: Envelope): Result<CreateShell> {
  const shell = bodyElement(envelope, namespaces.rsp, 'Shell');
  if (!shell.ok) return shell;
  const creation = childText(shell.value, namespaces.ps, 'creationXml');
  const creationXml = creation === undefined ? undefined : decodeBase64(creation);
  if (creation !== undefined && creationXml === undefined)
    return malformed('Create', 'its creationXml is no base64');
  return ok({
    shellId: shell.value.attributes.get('ShellId'),
    inputStreams: childText(shell.value, namespaces.rsp, 'InputStreams') ?? '',
    outputStreams: childText(shell.value, namespaces.rsp, 'OutputStreams') ?? '',
    idleTimeout: parseXmlDuration(childText(shell.value, namespaces.rsp, 'IdleTimeOut') ?? ''),
    creationXml,
  });
}

/** What the server says about the shell it made. */
export interface ShellCreated {
  /** To be used as it is: WinRM 1.1 answers `uuid:…`, and means it. */
  readonly shellId: string;
  readonly resourceUri: string;
}

export function shellCreated(
  created: ShellCreated & { readonly address: string; readonly owner: string; readonly request: CreateShell },
): WsmanMessage {
  const shellId = text(created.shellId);
  const resourceUri = text(created.resourceUri);
  const { request } = created;
  return {
    action: actions.createResponse,
    body:
      element(
        'x:ResourceCreated',
        {},
        element('a:Address', {}, text(created.address)),
        element(
          'a:ReferenceParameters',
          {},
          element('w:ResourceURI', {}, resourceUri),
          element('w:SelectorSet', {}, element('w:Selector', { Name: 'ShellId' }, shellId)),
        ),
      ) +
      element(
        'rsp:Shell',
        {},
        element('rsp:ShellId', {}, shellId),
        element('rsp:ResourceUri', {}, resourceUri),
        element('rsp:Owner', {}, text(created.owner)),
        element(
          'rsp:IdleTimeOut',
          {},
          request.idleTimeout === undefined ? 'PT7200.000S' : formatXmlDuration(request.idleTimeout),
        ),
        element('rsp:InputStreams', {}, text(request.inputStreams)),
        element('rsp:OutputStreams', {}, text(request.outputStreams)),
        element('rsp:State', {}, 'Connected'),
      ),
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
  return ok({
    shellId: selector.text.trim(),
    resourceUri: childText(reference, namespaces.w, 'ResourceURI') ?? '',
  });
}
