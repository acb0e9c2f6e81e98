import type { Result } from '../../core/result.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';

/** What a client asked for with Create. */
export interface ShellRequest {
  /** `http://schemas.microsoft.com/powershell/<configuration>` for PSRP. */
  readonly resourceUri: string;
  /** Upper-case GUID; for PSRP it is also the id of the runspace pool. */
  readonly shellId: string;
  /** PSRP fragments of SESSION_CAPABILITY and INIT_RUNSPACEPOOL. */
  readonly creationXml: Uint8Array;
  /** Who is logged on, as the authentication proved it: `DOMAIN\user` or `user`. */
  readonly user: string;
}

/** Output that waited for a Receive. */
export interface ShellOutput {
  /** Whole PSRP fragments, in order; empty when the wait ended without any. */
  readonly data: readonly Uint8Array[];
  /** Whether the command has ended and all its output was taken. */
  readonly done: boolean;
}

/**
 * One shell (for PSRP: one runspace pool) behind the WS-Man service of a lab host.
 *
 * A `commandId` of undefined is the shell itself. Faults travel to the client as they are.
 */
export interface ShellBackend {
  command(commandId: string, fragments: Uint8Array): Promise<Result<void, WsmanFault>>;
  send(
    commandId: string | undefined,
    stream: 'stdin' | 'pr',
    data: Uint8Array,
  ): Promise<Result<void, WsmanFault>>;
  /**
   * Resolves as soon as there is output or the command has ended, or with nothing when `signal` aborts.
   *
   * @param maxBytes - Bound on the sum of `data`; output beyond it stays for the next Receive.
   */
  receive(
    commandId: string | undefined,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Result<ShellOutput, WsmanFault>>;
  /** `powershell/signal/crtl_c` stops a pipeline gracefully; any other code closes it. */
  signal(commandId: string, code: string): Promise<Result<void, WsmanFault>>;
  /** Ends everything in the shell; never fails, and is bounded in time. */
  close(): Promise<void>;
}

/** Makes the shells of one host. */
export interface ShellBackends {
  open(request: ShellRequest): Promise<Result<ShellBackend, WsmanFault>>;
}
