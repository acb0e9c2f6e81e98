import type { Result } from '../../core/result.ts';
import type { CommandLine } from '../../wire/wsman/command-line.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import type { StreamData } from '../../wire/wsman/receive.ts';
import type { BufferMode } from '../../wire/wsman/shell-description.ts';

/** What a client asked for with Create. */
export interface ShellRequest {
  /** `resourceUris.cmd`, or `http://schemas.microsoft.com/powershell/<configuration>` for PSRP. */
  readonly resourceUri: string;
  /** Upper-case GUID; for PSRP it is also the id of the runspace pool. */
  readonly shellId: string;
  /** PSRP fragments of SESSION_CAPABILITY and INIT_RUNSPACEPOOL; empty for a cmd shell. */
  readonly creationXml: Uint8Array;
  /** Who is logged on, as the authentication proved it: `DOMAIN\user` or `user`. */
  readonly user: string;
  /** Of a cmd shell. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  /** What WINRS_CODEPAGE asked for. */
  readonly codePage?: number;
}

/** Output that waited for a Receive. */
export interface ShellOutput {
  /** Pieces of streams, in order; empty when the wait ended without any. PSRP has whole fragments on `stdout`. */
  readonly streams: readonly StreamData[];
  /** Whether the command has ended and all its output was taken. */
  readonly done: boolean;
  /** Of a program that has ended; 0 for a pipeline. */
  readonly exitCode?: number;
}

/** Input for a shell or a command. */
export interface ShellInput {
  readonly stream: 'stdin' | 'pr';
  readonly data: Uint8Array;
  /** Nothing more will come. */
  readonly end: boolean;
}

/**
 * One shell (a runspace pool, or programs under cmd) behind the WS-Man service of a lab host.
 *
 * A `commandId` of undefined is the shell itself. Faults travel to the client as they are.
 */
export interface ShellBackend {
  /** PSRP has its fragments in `line.arguments`, as base64. */
  command(commandId: string, line: CommandLine): Promise<Result<void, WsmanFault>>;
  send(commandId: string | undefined, input: ShellInput): Promise<Result<void, WsmanFault>>;
  /**
   * Resolves as soon as there is output or the command has ended, or with nothing when `signal` aborts.
   *
   * @param maxBytes - Bound on the sum of the data; output beyond it stays for the next Receive.
   */
  receive(
    commandId: string | undefined,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Result<ShellOutput, WsmanFault>>;
  /** Puts back what was taken but never reached the client. */
  restore(commandId: string | undefined, output: ShellOutput): void;
  /** A code of `signalCodes`, or another that means Terminate to PowerShell. */
  signal(commandId: string, code: string): Promise<Result<void, WsmanFault>>;
  /** What becomes of output that nobody fetches. */
  setBufferMode(mode: BufferMode): void;
  /** Hands the pool to another client: takes its connectXml and gives the connectResponseXml. */
  connect?(connectXml: Uint8Array): Promise<Result<Uint8Array, WsmanFault>>;
  /** Ends everything in the shell; never fails, and is bounded in time. */
  close(): Promise<void>;
}

/** Makes the shells of one kind. */
export interface ShellBackends {
  open(request: ShellRequest): Promise<Result<ShellBackend, WsmanFault>>;
}
