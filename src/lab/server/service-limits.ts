import { minutes, seconds } from '../../core/time.ts';
import type { Duration } from '../../core/time.ts';

/** What a WinRM service allows its clients; `stockLimits` has the values of Windows Server 2012 and later. */
export interface ServiceLimits {
  /** MaxEnvelopeSizekb, in bytes; 512000 since Windows 8, 153600 before. */
  readonly maxEnvelopeBytes: number;
  /** MaxTimeoutms, which caps the OperationTimeout that a client asks for. */
  readonly maxOperationTimeout: Duration;
  readonly maxShellsPerUser: number;
  /** MaxConcurrentOperationsPerUser: commands that were not terminated yet, over all shells of a user. */
  readonly maxOperationsPerUser: number;
  /** Programs that run side by side in one cmd shell. */
  readonly maxProcessesPerShell: number;
  /** Commands of one shell that were not terminated yet. */
  readonly maxCommandsPerShell: number;
  /** A runspace pool whose client went away amid a Receive turns Disconnected after this long. */
  readonly vanishGrace: Duration;
}

export const stockLimits: ServiceLimits = {
  maxEnvelopeBytes: 512_000,
  maxOperationTimeout: minutes(1),
  maxShellsPerUser: 30,
  maxOperationsPerUser: 1500,
  maxProcessesPerShell: 25,
  maxCommandsPerShell: 1000,
  vanishGrace: seconds(5),
};

/** How an old or odd service differs from a stock one of today. */
export interface ServiceQuirks {
  /** Windows 7 and Server 2008 R2 choose ShellId and CommandId themselves, whatever the client wants. */
  readonly ignoresClientIds?: boolean;
  /** WinRM 1.1 puts `uuid:` before its shell ids. */
  readonly prefixesShellIds?: boolean;
  /** Before Windows Server 2012 there was no Disconnect. */
  readonly cannotDisconnect?: boolean;
}
