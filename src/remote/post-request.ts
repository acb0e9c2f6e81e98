import type { Target } from '../core/target.ts';
import type { Duration } from '../core/time.ts';
import type { HttpRequest } from '../ports/http-connection.ts';

export interface PostLimits {
  /** From sending the envelope to the last byte of the answer. */
  readonly timeout: Duration;
  /** Largest HTTP body of an answer. */
  readonly maxResponseBytes: number;
}

/** One POST to the listener, with the headers that all have in common. */
export function postRequest(
  { path }: Target,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  limits: PostLimits,
): HttpRequest {
  // Some endpoints compress unless they are told not to.
  const common = { 'User-Agent': 'Countersign', 'Accept-Encoding': 'identity' };
  return { method: 'POST', path, headers: { ...common, ...headers }, body, ...limits };
}
