import type { ScriptError } from '../../ports/session.ts';
import type { PsCommand } from '../../wire/psrp/command.ts';

/** A session configuration in NoLanguage mode, as JEA makes them: commands with parameters, and no scripts. */
export interface NoLanguage {
  /** Names of the commands that may be called; case does not count. */
  readonly allowedCommands: readonly string[];
}

/** Why such a configuration refuses these commands; undefined where it runs them. */
export function refusalOf(
  commands: readonly PsCommand[],
  { allowedCommands }: NoLanguage,
): ScriptError | undefined {
  const script = commands.find(({ isScript }) => isScript);
  if (script !== undefined) return scriptsNotAllowed;
  const allowed = new Set(allowedCommands.map((name) => name.toLowerCase()));
  const unknown = commands.find(({ text }) => !allowed.has(text.toLowerCase()));
  return unknown === undefined ? undefined : notVisible(unknown.text);
}

const scriptsNotAllowed: ScriptError = {
  message:
    'The syntax is not supported by this runspace. This can occur if the runspace is in no-language mode.',
  id: 'ScriptsNotAllowed',
  category: 'ParserError',
  exceptionType: 'System.Management.Automation.ParseException',
  position: '',
};

function notVisible(name: string): ScriptError {
  return {
    message: `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program.`,
    id: 'CommandNotFoundException',
    category: 'ObjectNotFound',
    exceptionType: 'System.Management.Automation.CommandNotFoundException',
    position: '',
  };
}
