import type { Result } from '../core/result.ts';
import type { Duration } from '../core/time.ts';
import type { Timers } from '../ports/timers.ts';
import type { HostLink } from './host-link.ts';
import type { WsmanClient } from './wsman-client.ts';

/** Uses a connection of its own for one call. */
export async function withLease<T>(
  link: HostLink,
  signal: AbortSignal,
  act: (wsman: WsmanClient) => Promise<Result<T>>,
): Promise<Result<T>> {
  const lease = await link.lease(signal);
  if (!lease.ok) return lease;
  try {
    return await act(lease.value.wsman);
  } finally {
    lease.value.release();
  }
}

/** Lets something that nobody depends on take no longer than `limit`. */
export async function bounded(
  timers: Timers,
  limit: Duration,
  act: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const stop = new AbortController();
  const late = Promise.withResolvers<undefined>();
  const cancel = timers.after(limit, () => {
    stop.abort();
    late.resolve(undefined);
  });
  // What waits behind a request that hangs does not hear the signal before its turn.
  await Promise.race([act(stop.signal), late.promise]);
  cancel();
}
