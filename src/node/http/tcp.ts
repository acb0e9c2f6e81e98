import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Failure } from '../../core/failure.ts';
import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Attempt } from './attempt.ts';

/** Opens a TCP socket within an attempt. */
export async function openTcp(
  attempt: Attempt,
  { address: host, port }: { readonly address: string; readonly port: number },
  explain: (error: Error) => Failure,
): Promise<Result<Socket>> {
  // Of several addresses the next is tried after a while; Node's 250 ms are less than a slow line's round trip.
  const socket = connect({ host, port, autoSelectFamilyAttemptTimeout: nextAddressAfterMs });
  socket.setNoDelay(true).setKeepAlive(true, keepAliveProbeMs);
  const connected = await attempt.waitFor(socket, 'connect', explain);
  return connected.ok ? ok(socket) : connected;
}

const nextAddressAfterMs = 2000;
/** A host that was switched off while we wait for it is noticed after a while. */
const keepAliveProbeMs = 30_000;
