import type { Result } from '../core/result.ts';
import { cmdShellOptions } from '../wire/wsman/create-shell.ts';
import type { ShellCreated } from '../wire/wsman/shell-created.ts';
import type { RunspaceShellOptions } from './runspace-shell-options.ts';
import type { WsmanClient } from './wsman-client.ts';

/** Servers check it, and come down to what we speak where they know more. */
export const protocolOption = { name: 'protocolversion', value: '2.3', mustComply: true };

/** Creates the shell of a runspace pool, under an id of ours. */
export function createRunspaceShell(
  wsman: WsmanClient,
  { resourceUri, idleTimeout, name, noProfile }: RunspaceShellOptions,
  { shellId, creationXml }: { readonly shellId: string; readonly creationXml: Uint8Array },
  signal: AbortSignal,
): Promise<Result<ShellCreated>> {
  const request = {
    ...{ shellId, inputStreams: 'stdin pr', outputStreams: 'stdout', idleTimeout, creationXml },
    ...(name === undefined ? {} : { name }),
  };
  const options = [protocolOption, ...cmdShellOptions(noProfile === undefined ? {} : { noProfile })];
  return wsman.create(resourceUri, request, options, signal);
}
