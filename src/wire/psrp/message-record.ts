import { propertyOf, psRecord, textOf } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { decodeInvocationInfo, encodeInvocationInfo, iterationList } from './invocation-info.ts';
import type { InvocationInfo } from './invocation-info.ts';

/** Streams whose records are a message. */
export type MessageStream = 'warning' | 'verbose' | 'debug';

/** What `Write-Warning`, `Write-Verbose` and `Write-Debug` give. */
export interface MessageRecord {
  readonly message: string;
  /** Sent only where the pipeline asked for it with `invocationDetail: 'all'`. */
  readonly invocation: InvocationInfo | undefined;
}

const recordTypes: Readonly<Record<MessageStream, string>> = {
  warning: 'System.Management.Automation.WarningRecord',
  verbose: 'System.Management.Automation.VerboseRecord',
  debug: 'System.Management.Automation.DebugRecord',
};

/** Writes a warning, verbose or debug record (MS-PSRP §2.2.3.16). */
export function encodeMessageRecord(stream: MessageStream, { message, invocation }: MessageRecord): PsValue {
  const members: Record<string, PsValue> = {
    InformationalRecord_Message: message,
    InformationalRecord_SerializeInvocationInfo: invocation !== undefined,
    ...(invocation !== undefined && {
      ...encodeInvocationInfo(invocation),
      InformationalRecord_PipelineIterationInfo: iterationList(invocation.pipelineIterations),
    }),
  };
  const base = 'System.Management.Automation.InformationalRecord';
  return { ...psRecord(members, [recordTypes[stream], base, 'System.Object']), text: message };
}

/** Reads a warning, verbose or debug record; old servers send the bare text. */
export function decodeMessageRecord(body: PsValue | undefined): MessageRecord {
  return {
    message: textOf(propertyOf(body, 'InformationalRecord_Message')) ?? textOf(body) ?? '',
    invocation: decodeInvocationInfo(body, 'InformationalRecord_SerializeInvocationInfo'),
  };
}
