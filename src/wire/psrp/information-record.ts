import { integerOf, itemsOf, propertyOf, psList, psRecord, textOf } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';

/** What `Write-Information` and `Write-Host` give (MS-PSRP §2.2.2.26; protocol 2.3 and later). */
export interface InformationRecord {
  readonly data: PsValue;
  /** The data as text, where it is one. */
  readonly message: string;
  /** The command or script that wrote it. */
  readonly source: string;
  readonly tags: readonly string[];
  /** ISO 8601 with up to 7 fractional digits; empty where it was not sent, as the other texts are. */
  readonly timeGenerated: string;
  readonly user: string;
  readonly computer: string;
  readonly processId: number;
  readonly nativeThreadId: number;
  readonly managedThreadId: number;
}

/** An information record of which only the given parts matter. */
export function informationRecord(
  parts: Partial<Omit<InformationRecord, 'message'>> & { readonly data: PsValue },
): InformationRecord {
  return {
    source: '',
    tags: [],
    timeGenerated: '',
    user: '',
    computer: '',
    processId: 0,
    nativeThreadId: 0,
    managedThreadId: 0,
    ...parts,
    message: messageOf(parts.data),
  };
}

/** Write-Host sends an object that has the text as its property Message. */
function messageOf(data: PsValue): string {
  return textOf(propertyOf(data, 'Message')) ?? textOf(data) ?? '';
}

export function encodeInformationRecord(record: Omit<InformationRecord, 'message'>): PsValue {
  const { timeGenerated } = record;
  const id = (value: number): PsValue => ({ kind: 'uint32', value });
  return psRecord({
    MessageData: record.data,
    Source: record.source,
    TimeGenerated: timeGenerated === '' ? null : { kind: 'dateTime', text: timeGenerated },
    Tags: psList(record.tags),
    User: record.user,
    Computer: record.computer,
    ProcessId: id(record.processId),
    NativeThreadId: id(record.nativeThreadId),
    ManagedThreadId: id(record.managedThreadId),
  });
}

export function decodeInformationRecord(body: PsValue | undefined): InformationRecord {
  const text = (name: string): string => textOf(propertyOf(body, name)) ?? '';
  const number = (name: string): number => integerOf(propertyOf(body, name)) ?? 0;
  const data = propertyOf(body, 'MessageData') ?? null;
  return {
    data,
    message: messageOf(data),
    source: text('Source'),
    tags: (itemsOf(propertyOf(body, 'Tags')) ?? []).flatMap((tag) => textOf(tag) ?? []),
    timeGenerated: text('TimeGenerated'),
    user: text('User'),
    computer: text('Computer'),
    processId: number('ProcessId'),
    nativeThreadId: number('NativeThreadId'),
    managedThreadId: number('ManagedThreadId'),
  };
}
