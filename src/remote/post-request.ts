import type { Target } from '../core/target.ts';
import type { Duration } from '../core/time.ts';
import type { HttpRequest } from '../ports/http-connection.ts';

export interface PostLimits {
  /** From sending the envelope to the last byte of the answer. */
  readonly timeout: Duration;
  /** Largest HTTP body of an answer. */
  readonly maxResponseBytes: number;
  /** It must not be sent twice, so it is sent only on a socket that is not likely to be closed under it. */
  readonly onceOnly?: boolean;
}

/** One POST to the listener, with the headers that all have in common. */
export function postRequest(
  { path }: Target,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  { timeout, maxResponseBytes }: PostLimits,
): HttpRequest {
  // Some endpoints compress unless they are told not to.
  const common = { 'User-Agent': 'Countersign', 'Accept-Encoding': 'identity' };
  return { method: 'POST', path, headers: { ...common, ...headers }, body, timeout, maxResponseBytes };
}
