import {
  baseOf,
  integerOf,
  itemsOf,
  propertyOf,
  psEnum,
  psList,
  psRecord,
  textOf,
} from '../../core/ps-value.ts';
import type { PsProgress, PsValue } from '../../core/ps-value.ts';

/** Streams whose records are a message. */
export type MessageStream = 'warning' | 'verbose' | 'debug';

const recordTypes: Readonly<Record<MessageStream, string>> = {
  warning: 'System.Management.Automation.WarningRecord',
  verbose: 'System.Management.Automation.VerboseRecord',
  debug: 'System.Management.Automation.DebugRecord',
};

/** Writes a warning, verbose or debug record without invocation info (MS-PSRP §2.2.3.16). */
export function encodeMessageRecord(stream: MessageStream, message: string): PsValue {
  const members = {
    InformationalRecord_Message: message,
    InformationalRecord_SerializeInvocationInfo: false,
  };
  const base = 'System.Management.Automation.InformationalRecord';
  return { ...psRecord(members, [recordTypes[stream], base, 'System.Object']), text: message };
}

/** The message of a warning, verbose or debug record; old servers send the bare text. */
export function decodeMessageRecord(body: PsValue | undefined): string {
  return textOf(propertyOf(body, 'InformationalRecord_Message')) ?? textOf(body) ?? '';
}

/** What `Write-Information` and `Write-Host` give (MS-PSRP §2.2.2.26; protocol 2.3 and later). */
export interface InformationRecord {
  readonly data: PsValue;
  /** The data as text, where it is one. */
  readonly message: string;
  readonly source: string;
  readonly tags: readonly string[];
}

export function encodeInformationRecord(record: Omit<InformationRecord, 'message'>): PsValue {
  return psRecord({
    MessageData: record.data,
    Source: record.source,
    Tags: psList(record.tags),
  });
}

export function decodeInformationRecord(body: PsValue | undefined): InformationRecord {
  const data = propertyOf(body, 'MessageData') ?? null;
  return {
    data,
    // Write-Host sends an object that has the text as its property Message.
    message: textOf(propertyOf(data, 'Message')) ?? textOf(data) ?? '',
    source: textOf(propertyOf(body, 'Source')) ?? '',
    tags: (itemsOf(propertyOf(body, 'Tags')) ?? []).flatMap((tag) => textOf(tag) ?? []),
  };
}

/** Writes a progress record with properties, the form of PROGRESS_RECORD (MS-PSRP §2.2.2.25). */
export function encodeProgressRecord(record: PsProgress): PsValue {
  const completed = record.type === 'Completed';
  return psRecord({
    Activity: record.activity ?? '',
    ActivityId: record.activityId ?? 0,
    StatusDescription: record.status ?? '',
    CurrentOperation: record.currentOperation ?? null,
    ParentActivityId: record.parentActivityId ?? -1,
    PercentComplete: record.percentComplete ?? -1,
    Type: psEnum(
      'System.Management.Automation.ProgressRecordType',
      completed ? 1 : 0,
      completed ? 'Completed' : 'Processing',
    ),
    SecondsRemaining: record.secondsRemaining ?? -1,
  });
}

export function decodeProgressRecord(body: PsValue | undefined): PsProgress {
  const base = baseOf(body);
  if (typeof base === 'object' && base !== null && 'kind' in base && base.kind === 'progress') return base;
  const text = (name: string): string | undefined => textOf(propertyOf(body, name));
  const number = (name: string): number | undefined => integerOf(propertyOf(body, name));
  return {
    kind: 'progress',
    activity: text('Activity'),
    activityId: number('ActivityId'),
    status: text('StatusDescription'),
    currentOperation: text('CurrentOperation'),
    parentActivityId: number('ParentActivityId'),
    percentComplete: number('PercentComplete'),
    secondsRemaining: number('SecondsRemaining'),
    type: number('Type') === 1 ? 'Completed' : 'Processing',
  };
}
