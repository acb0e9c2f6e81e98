import { integerOf, isPsObject, propertyOf, psObject, psRecord, textOf } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { decodeInvocationInfo, encodeInvocationInfo } from './invocation-info.ts';
import type { InvocationInfo } from './invocation-info.ts';

/** `ErrorCategory` names, at the index that is their value. */
const categories = [
  'NotSpecified',
  'OpenError',
  'CloseError',
  'DeviceError',
  'DeadlockDetected',
  'InvalidArgument',
  'InvalidData',
  'InvalidOperation',
  'InvalidResult',
  'InvalidType',
  'MetadataError',
  'NotImplemented',
  'NotInstalled',
  'ObjectNotFound',
  'OperationStopped',
  'OperationTimeout',
  'SyntaxError',
  'ParserError',
  'PermissionDenied',
  'ResourceBusy',
  'ResourceExists',
  'ResourceUnavailable',
  'ReadError',
  'WriteError',
  'FromStdErr',
  'SecurityError',
  'ProtocolError',
  'ConnectionError',
  'AuthenticationError',
  'LimitsExceeded',
  'QuotaExceeded',
  'NotEnabled',
] as const;
export type ErrorCategory = (typeof categories)[number];

/** A PowerShell error record; texts that were not sent are empty. */
export interface ErrorRecord {
  /** The details' message where there is one, else the exception's. */
  readonly message: string;
  /** Not localised, so safe to compare; the first part names the error, the rest the command. */
  readonly fullyQualifiedErrorId: string;
  readonly category: ErrorCategory;
  readonly activity: string;
  readonly reason: string;
  readonly targetName: string;
  readonly targetType: string;
  /** .NET type of the exception, such as `System.IO.FileNotFoundException`. */
  readonly exceptionType: string;
  readonly position: ErrorPosition | undefined;
  readonly scriptStackTrace: string;
  /** What to do about it, in the words of the command; mostly empty. */
  readonly recommendedAction: string;
  /** The object that was being worked on, as far as it could be sent. */
  readonly target: PsValue;
  /** The exception as it was sent, with its properties and inner exceptions; null where there was none. */
  readonly exception: PsValue;
  /** The command that failed; undefined where the server did not send it. */
  readonly invocation: InvocationInfo | undefined;
}

/** Where in a script the error arose, counted from 1. */
export interface ErrorPosition {
  /** Path of the script file; empty for script text. */
  readonly scriptName: string;
  readonly line: number;
  readonly column: number;
  /** The `At line:1 char:55 …` text, in the server's language. */
  readonly message: string;
}

/** An error record of which only the given parts matter. */
export function errorRecord(parts: Partial<ErrorRecord> & { readonly message: string }): ErrorRecord {
  return {
    fullyQualifiedErrorId: '',
    category: 'NotSpecified',
    activity: '',
    reason: '',
    targetName: '',
    targetType: '',
    exceptionType: 'System.Exception',
    position: undefined,
    scriptStackTrace: '',
    recommendedAction: '',
    target: null,
    exception: null,
    invocation: undefined,
    ...parts,
  };
}

/**
 * Reads an error record from the body of ERROR_RECORD or the reason of a state; never fails, since an error that
 * cannot be read in full must still be shown.
 *
 * @see MS-PSRP §2.2.3.15 https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-psrp
 */
export function decodeErrorRecord(body: PsValue): ErrorRecord {
  const exception = propertyOf(body, 'Exception');
  const text = (name: string): string => textOf(propertyOf(body, name)) ?? '';
  const details = text('ErrorDetails_Message');
  const exceptionMessage = textOf(propertyOf(exception, 'Message')) ?? textOf(body) ?? 'unknown error';
  return {
    message: details === '' ? exceptionMessage : details,
    fullyQualifiedErrorId: text('FullyQualifiedErrorId'),
    category: categories[integerOf(propertyOf(body, 'ErrorCategory_Category')) ?? 0] ?? 'NotSpecified',
    activity: text('ErrorCategory_Activity'),
    reason: text('ErrorCategory_Reason'),
    targetName: text('ErrorCategory_TargetName'),
    targetType: text('ErrorCategory_TargetType'),
    exceptionType: exceptionTypeOf(exception),
    position: decodePosition(propertyOf(body, 'InvocationInfo')),
    scriptStackTrace: text('ErrorDetails_ScriptStackTrace'),
    recommendedAction: text('ErrorDetails_RecommendedAction'),
    target: propertyOf(body, 'TargetObject') ?? null,
    exception: exception ?? null,
    invocation: decodeInvocationInfo(body, 'SerializeExtendedInfo'),
  };
}

function exceptionTypeOf(exception: PsValue | undefined): string {
  const name = isPsObject(exception) ? exception.typeNames[0] : undefined;
  return name?.replace(/^Deserialized\./, '') ?? '';
}

function decodePosition(invocation: PsValue | undefined): ErrorPosition | undefined {
  const line = integerOf(propertyOf(invocation, 'ScriptLineNumber')) ?? 0;
  if (line < 1) return undefined;
  return {
    scriptName: textOf(propertyOf(invocation, 'ScriptName')) ?? '',
    line,
    column: integerOf(propertyOf(invocation, 'OffsetInLine')) ?? 0,
    message: textOf(propertyOf(invocation, 'PositionMessage')) ?? '',
  };
}

/** Writes an error record as a server does. */
export function encodeErrorRecord(record: ErrorRecord): PsValue {
  const { exception, invocation, recommendedAction } = record;
  const members: Record<string, PsValue> = {
    Exception: exception ?? encodeException(record),
    TargetObject: record.target,
    FullyQualifiedErrorId: record.fullyQualifiedErrorId,
    InvocationInfo: encodePosition(record.position),
    ErrorCategory_Category: categories.indexOf(record.category),
    ErrorCategory_Activity: record.activity,
    ErrorCategory_Reason: record.reason,
    ErrorCategory_TargetName: record.targetName,
    ErrorCategory_TargetType: record.targetType,
    ErrorCategory_Message: categoryMessage(record),
    SerializeExtendedInfo: invocation !== undefined,
    ...(invocation !== undefined && encodeInvocationInfo(invocation)),
    // With an action there are details, and their message is the one that is shown.
    ...(recommendedAction !== '' && {
      ErrorDetails_Message: record.message,
      ErrorDetails_RecommendedAction: recommendedAction,
    }),
    ErrorDetails_ScriptStackTrace: record.scriptStackTrace,
  };
  const typeNames = ['System.Management.Automation.ErrorRecord', 'System.Object'];
  return { ...psRecord(members, typeNames), text: record.message };
}

function encodeException(record: ErrorRecord): PsValue {
  const exceptionTypes = new Set([record.exceptionType, 'System.Exception', 'System.Object']);
  return psObject({
    typeNames: [...exceptionTypes],
    text: `${record.exceptionType}: ${record.message}`,
    adapted: new Map<string, PsValue>([['Message', record.message]]),
  });
}

function encodePosition(position: ErrorPosition | undefined): PsValue {
  if (position === undefined) return null;
  return psObject({
    typeNames: ['System.Management.Automation.InvocationInfo', 'System.Object'],
    text: 'System.Management.Automation.InvocationInfo',
    adapted: new Map<string, PsValue>([
      ['ScriptLineNumber', position.line],
      ['OffsetInLine', position.column],
      ['ScriptName', position.scriptName],
      ['PositionMessage', position.message],
    ]),
  });
}

function categoryMessage(record: ErrorRecord): string {
  const target = record.targetName === '' ? ':' : `${record.targetName}:${record.targetType}`;
  return `${record.category}: (${target}) [${record.activity}], ${record.reason}`;
}
