import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Duration } from '../../core/time.ts';
import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import type { WsmanMessage, WsmanOption } from './envelope.ts';
import { actions, namespaces } from './namespaces.ts';
import { bodyElement, malformed } from './parse-envelope.ts';
import type { Envelope } from './parse-envelope.ts';
import {
  childDuration,
  childEnvironment,
  durationElement,
  environmentElement,
  present,
  textElement,
} from './shell-elements.ts';
import { childText } from './xml-element.ts';
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
  /** The server frees the shell after this long, used or not; ignored for PSRP. */
  readonly lifetime?: Duration;
  /** For people who list the shells of a host. */
  readonly name?: string;
  /** Of the programs of a cmd shell. */
  readonly workingDirectory?: string;
  /** Variables of a cmd shell, on top of the account's own. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Options of a cmd shell. */
export interface CmdShellOptions {
  /** Code page of what programs write, such as 65001 for UTF-8. */
  readonly codePage?: number;
  /** Leave the account's profile unloaded; without effect since Windows Server 2012. */
  readonly noProfile?: boolean;
}

export function cmdShellOptions({ codePage, noProfile }: CmdShellOptions): readonly WsmanOption[] {
  return [
    ...(noProfile === undefined ? [] : [{ name: 'WINRS_NOPROFILE', value: noProfile ? 'TRUE' : 'FALSE' }]),
    ...(codePage === undefined ? [] : [{ name: 'WINRS_CODEPAGE', value: String(codePage) }]),
  ];
}

export function createShell(request: CreateShell, options: readonly WsmanOption[] = []): WsmanMessage {
  const { creationXml } = request;
  return {
    action: actions.create,
    options,
    body: element(
      'rsp:Shell',
      { ShellId: request.shellId },
      element('rsp:InputStreams', {}, text(request.inputStreams)),
      element('rsp:OutputStreams', {}, text(request.outputStreams)),
      environmentElement(request.environment),
      textElement('rsp:Name', request.name),
      textElement('rsp:WorkingDirectory', request.workingDirectory),
      durationElement('rsp:Lifetime', request.lifetime),
      durationElement('rsp:IdleTimeOut', request.idleTimeout),
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
    idleTimeout: childDuration(shell.value, 'IdleTimeOut'),
    creationXml,
    ...present({
      lifetime: childDuration(shell.value, 'Lifetime'),
      name: childText(shell.value, namespaces.rsp, 'Name'),
      workingDirectory: childText(shell.value, namespaces.rsp, 'WorkingDirectory'),
      environment: childEnvironment(shell.value),
    }),
  });
}
