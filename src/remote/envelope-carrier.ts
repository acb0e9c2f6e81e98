import type { Result } from '../core/result.ts';
import type { PostLimits } from './post-request.ts';

export interface PostAnswer {
  /** 200, or 500 for a SOAP fault. */
  readonly status: number;
  /** The SOAP message, unsealed. */
  readonly body: Uint8Array;
}

/** What takes envelopes to a host: a connection, or something that chooses one. */
export interface EnvelopeCarrier {
  /**
   * Sends one SOAP envelope and gives the answer; waits its turn behind earlier ones.
   *
   * Failures: `net.*` with `sent` in the details (whether bytes of this envelope left, so that it may have taken
   * effect; the caller decides on a retry), `auth.*`, `http.*`.
   */
  post(envelope: Uint8Array, signal: AbortSignal, limits: PostLimits): Promise<Result<PostAnswer>>;
  close(): void;
}
