import { psList } from '../../../src/core/ps-value.ts';
import type { PsProgress, PsValue } from '../../../src/core/ps-value.ts';
import type { ErrorRecord } from '../../../src/wire/psrp/error-record.ts';
import type { InformationRecord } from '../../../src/wire/psrp/information-record.ts';
import type { MessageRecord } from '../../../src/wire/psrp/message-record.ts';
import type { Difference } from '../difference.ts';
import { unlike } from '../values/expected.ts';
import type { Mapping } from '../yaml-file.ts';
import { unequal, unknownExpectation } from './finding.ts';

/** What can be said of a record, by the name it has in INDEX.md: a value, compared in the notation for values. */
type Facts = Readonly<Record<string, PsValue | undefined>>;

const known = (value: string | number | undefined): PsValue | undefined => value;

export function errorFacts(error: ErrorRecord): Facts {
  return {
    message: error.message,
    fullyQualifiedErrorId: error.fullyQualifiedErrorId,
    category: error.category,
    reason: error.reason,
    activity: error.activity,
    targetName: error.targetName,
    targetType: error.targetType,
    targetObject: error.target,
    exceptionType: error.exceptionType,
    recommendedAction: error.recommendedAction,
    scriptStackTrace: error.scriptStackTrace,
    invocationInfo: error.invocation !== undefined,
  };
}

export function messageFacts(record: MessageRecord): Facts {
  return { message: record.message, invocationInfo: record.invocation !== undefined };
}

export function informationFacts(record: InformationRecord): Facts {
  return {
    messageData: record.data,
    message: record.message,
    source: record.source,
    tags: psList(record.tags),
    user: record.user,
    computer: record.computer,
    processId: record.processId,
    nativeThreadId: record.nativeThreadId,
    managedThreadId: record.managedThreadId,
    timeGenerated: record.timeGenerated,
  };
}

export function progressFacts(record: PsProgress): Facts {
  return {
    activity: known(record.activity),
    activityId: known(record.activityId),
    status: known(record.status),
    statusDescription: known(record.status),
    currentOperation: record.currentOperation ?? null,
    parentActivityId: known(record.parentActivityId),
    percentComplete: known(record.percentComplete),
    secondsRemaining: known(record.secondsRemaining),
    type: known(record.type),
  };
}

/** Holds one record against what is expected of it. */
export function unlikeRecord(expected: Mapping, facts: Facts, path: string): readonly Difference[] {
  return Object.entries(expected).flatMap(([name, value]) => {
    if (!Object.hasOwn(facts, name)) return [unknownExpectation(`${path}.${name}`, Object.keys(facts))];
    // Write-Host wraps its text in an object; where a text is expected, its text counts.
    const isText = name === 'messageData' && typeof value === 'string';
    return unlike(value, isText ? facts['message'] : facts[name], `${path}.${name}`);
  });
}

/** Holds the records of one stream against those that are expected, one by one. */
export function unlikeRecords(
  expected: readonly unknown[],
  records: readonly Facts[],
  path: string,
): readonly Difference[] {
  const count = unequal(`${path}.(count)`, expected.length, records.length);
  if (count.length > 0) return count;
  return records.flatMap((facts, index) =>
    unlikeRecord(expected[index] as Mapping, facts, `${path}[${index}]`),
  );
}
