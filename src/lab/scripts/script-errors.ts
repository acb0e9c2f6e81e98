import type { ScriptError } from '../../ports/session.ts';

/** What `throw 'Text'` in a script gives: the text is message and identifier. */
export function thrown(text: string): ScriptError {
  return {
    message: text,
    id: text,
    category: 'OperationStopped',
    exceptionType: 'System.Management.Automation.RuntimeException',
    position: '',
  };
}

/** A command that this Windows does not have. */
export function commandNotFound(name: string): ScriptError {
  return {
    message: `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program.`,
    id: 'CommandNotFoundException',
    category: 'ObjectNotFound',
    exceptionType: 'System.Management.Automation.CommandNotFoundException',
    position: '',
  };
}

/** Arguments that a script cannot work with. */
export function badArguments(reason: string): ScriptError {
  return {
    message: reason,
    id: 'FormatException',
    category: 'NotSpecified',
    exceptionType: 'System.FormatException',
    position: '',
  };
}
