import { baseOf, integerOf, propertyOf, psEnum, psRecord, textOf } from '../../core/ps-value.ts';
import type { PsProgress, PsValue } from '../../core/ps-value.ts';

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
