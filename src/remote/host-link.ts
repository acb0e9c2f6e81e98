import type { Result } from '../core/result.ts';
import type { WsmanClient } from './wsman-client.ts';

/** A connection for as long as one operation blocks it. */
export interface Lease {
  readonly wsman: WsmanClient;
  /** Gives it back, once; the lease must not be used afterwards. */
  release(): void;
}

/**
 * The connections of one client to one host.
 *
 * A Receive blocks its connection, so each pipeline or process that runs has one of its own, and what must be said
 * meanwhile goes over `control`, which never waits for a lease.
 */
export interface HostLink {
  /** Name in the inventory, for messages. */
  readonly host: string;
  /**
   * Uses a connection that is idle, else one of its own, which is opened when it is first needed. Requests that do not
   * wait for one another may overtake one another.
   */
  readonly control: WsmanClient;
  /** Waits its turn where limits are reached. Failure `net.aborted`, also where the link is closed. */
  lease(signal: AbortSignal): Promise<Result<Lease>>;
  /** Raises MaxEnvelopeSize on all connections, once the server has shown that it is no older than Windows 8. */
  useLargeEnvelopes(): void;
  /** Closes all connections, those that are leased too; what waits for one fails. */
  close(): void;
}
