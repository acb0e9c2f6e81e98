import { integerOf, itemsOf, propertyOf, psList, psRecord, textOf } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';

/** An event that a script forwards to its client: USER_EVENT (MS-PSRP §2.2.2.12). Texts that were not sent are empty. */
export interface UserEvent {
  readonly eventId: number;
  readonly sourceId: string;
  /** ISO 8601. */
  readonly time: string;
  readonly sender: PsValue;
  readonly arguments: readonly PsValue[];
  readonly data: PsValue;
  readonly computerName: string;
  readonly runspaceId: string;
}

const prefix = 'PSEventArgs.';

export function encodeUserEvent(event: UserEvent): PsValue {
  const members: Readonly<Record<string, PsValue>> = {
    EventIdentifier: event.eventId,
    SourceIdentifier: event.sourceId,
    TimeGenerated: event.time === '' ? null : { kind: 'dateTime', text: event.time },
    Sender: event.sender,
    SourceArgs: psList(event.arguments),
    MessageData: event.data,
    ComputerName: event.computerName,
    RunspaceId: event.runspaceId === '' ? null : { kind: 'guid', text: event.runspaceId },
  };
  const named = Object.entries(members).map(([name, value]) => [`${prefix}${name}`, value] as const);
  return psRecord(Object.fromEntries(named));
}

export function decodeUserEvent(body: PsValue | undefined): UserEvent {
  const of = (name: string): PsValue => propertyOf(body, `${prefix}${name}`) ?? null;
  const text = (name: string): string => textOf(of(name)) ?? '';
  return {
    eventId: integerOf(of('EventIdentifier')) ?? 0,
    sourceId: text('SourceIdentifier'),
    time: text('TimeGenerated'),
    sender: of('Sender'),
    arguments: itemsOf(of('SourceArgs')) ?? [],
    data: of('MessageData'),
    computerName: text('ComputerName'),
    runspaceId: text('RunspaceId'),
  };
}
