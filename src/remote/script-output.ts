import { toJson } from '../core/ps-json.ts';
import { frameScript } from '../core/script-frame.ts';
import type { ReadScript, WriteScript } from '../ports/scripts.ts';
import type { ScriptError, ScriptOutput } from '../ports/session.ts';
import type { ErrorRecord } from '../wire/psrp/error-record.ts';
import type { PipelineRecords } from './pipeline-records.ts';

/** What a script gave, as plain JSON and texts. */
export function scriptOutput(records: PipelineRecords, script: ReadScript | WriteScript): ScriptOutput {
  return {
    output: records.output.map(toJson),
    errors: records.errors.map((record) => scriptError(record, script)),
    warnings: records.warnings,
    verbose: records.verbose,
  };
}

/** An error record with the position counted in the script as it is shipped, without the frame around it. */
export function scriptError(record: ErrorRecord, script: ReadScript | WriteScript): ScriptError {
  return {
    message: record.message,
    id: record.fullyQualifiedErrorId,
    category: record.category,
    exceptionType: record.exceptionType,
    position: position(record, script),
  };
}

function position({ position: at }: ErrorRecord, script: ReadScript | WriteScript): string {
  if (at === undefined) return '';
  const frameLines = frameScript({ ...script, text: '' }).split('\n').length - 1;
  const line = at.line - frameLines;
  return line < 1 ? '' : `line ${line}, column ${at.column}`;
}
