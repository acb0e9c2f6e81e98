import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { WsmanMessage } from './envelope.ts';
import { actions, namespaces } from './namespaces.ts';
import { bodyElement, malformed } from './parse-envelope.ts';
import type { Envelope } from './parse-envelope.ts';
import { childOf, childrenOf } from './xml-element.ts';
import { element, text } from './xml-markup.ts';

/**
 * Starts a program in a cmd shell.
 *
 * The server joins command and arguments by blanks into one command line and quotes nothing.
 *
 * @see MS-WSMV §3.1.4.11 rsp:Command
 */
export interface CommandLine {
  readonly command: string;
  readonly arguments: readonly string[];
  /** Chosen by the client; undefined leaves it to the server, as Windows' own client does. */
  readonly commandId?: string;
  /** Whether the program gets a console for its input, rather than a pipe; Windows' default is the console. */
  readonly consoleInput?: boolean;
  /** Start the program without cmd.exe, which then needs its full path; ignored since Windows Server 2012 R2. */
  readonly skipCmdShell?: boolean;
}

export function commandLine(request: CommandLine): WsmanMessage {
  const { consoleInput, skipCmdShell } = request;
  return {
    action: actions.command,
    options: [
      ...(consoleInput === undefined ? [] : [{ name: consoleOption, value: spelled(consoleInput) }]),
      ...(skipCmdShell === undefined ? [] : [{ name: skipOption, value: spelled(skipCmdShell) }]),
    ],
    body: element(
      'rsp:CommandLine',
      { CommandId: request.commandId },
      element('rsp:Command', {}, text(request.command)),
      ...request.arguments.map((argument) => element('rsp:Arguments', {}, text(argument))),
    ),
  };
}

/** Reads a Command request for a cmd shell; failure `wsman.malformed`. */
export function parseCommandLine(envelope: Envelope): Result<CommandLine> {
  const line = bodyElement(envelope, namespaces.rsp, 'CommandLine');
  if (!line.ok) return line;
  const command = childOf(line.value, namespaces.rsp, 'Command');
  if (command === undefined) return malformed('Command', 'it names no command');
  const commandId = line.value.attributes.get('CommandId');
  const consoleInput = flag(envelope, consoleOption);
  const skipCmdShell = flag(envelope, skipOption);
  return ok({
    command: command.text,
    arguments: childrenOf(line.value, namespaces.rsp, 'Arguments').map((argument) => argument.text),
    ...(commandId === undefined ? {} : { commandId }),
    ...(consoleInput === undefined ? {} : { consoleInput }),
    ...(skipCmdShell === undefined ? {} : { skipCmdShell }),
  });
}

const consoleOption = 'WINRS_CONSOLEMODE_STDIN';
const skipOption = 'WINRS_SKIP_CMD_SHELL';

const spelled = (value: boolean): string => (value ? 'TRUE' : 'FALSE');

function flag(envelope: Envelope, name: string): boolean | undefined {
  const value = envelope.options.get(name);
  return value === undefined ? undefined : value.toLowerCase() === 'true' || value === '1';
}
