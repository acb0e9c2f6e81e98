import { ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { WsmanClient } from './wsman-client.ts';

/** A connection for as long as one operation blocks it. */
export interface Lease {
  readonly wsman: WsmanClient;
  /** Gives it back; the lease must not be used afterwards. */
  release(): void;
}

/**
 * The connections of one client to one host.
 *
 * A Receive blocks its connection, so each pipeline or process that runs has one of its own, and what must be said
 * meanwhile goes over `control`.
 */
export interface HostLink {
  /** Name in the inventory, for messages. */
  readonly host: string;
  readonly control: WsmanClient;
  /** Waits its turn where limits are reached. Failure `net.aborted`. */
  lease(signal: AbortSignal): Promise<Result<Lease>>;
  /** Raises MaxEnvelopeSize on all connections, once the server has shown that it is no older than Windows 8. */
  useLargeEnvelopes(): void;
  close(): void;
}

/** A link without limits: a new connection where none is idle. */
export function createHostLink(host: string, connect: () => WsmanClient): HostLink {
  const control = connect();
  const all = [control];
  const idle: WsmanClient[] = [];
  let isLarge = false;
  const grow = (): WsmanClient => {
    const wsman = connect();
    if (isLarge) wsman.useLargeEnvelopes();
    all.push(wsman);
    return wsman;
  };
  return {
    host,
    control,
    lease: () => {
      const wsman = idle.pop() ?? grow();
      return Promise.resolve(ok({ wsman, release: () => idle.push(wsman) }));
    },
    useLargeEnvelopes: () => {
      isLarge = true;
      for (const wsman of all) wsman.useLargeEnvelopes();
    },
    close: () => {
      for (const wsman of all) wsman.close();
    },
  };
}
