import type { ScriptError } from '../../ports/session.ts';
import { errorRecord } from '../../wire/psrp/error-record.ts';
import type { ErrorCategory, ErrorPosition, ErrorRecord } from '../../wire/psrp/error-record.ts';

/** The error record that a lab host sends for an error of its script engine. */
export function toErrorRecord(error: ScriptError): ErrorRecord {
  return errorRecord({
    message: error.message,
    fullyQualifiedErrorId: error.id,
    category: error.category as ErrorCategory,
    exceptionType: error.exceptionType,
    position: toPosition(error.position),
  });
}

/** Reads `line 12, column 5`; undefined for anything else. */
function toPosition(text: string): ErrorPosition | undefined {
  const match = /^line (\d+), column (\d+)$/.exec(text);
  if (match === null) return undefined;
  const [line, column] = [Number(match[1]), Number(match[2])];
  return { scriptName: '', line, column, message: `At line:${line} char:${column}` };
}
