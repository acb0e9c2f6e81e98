import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Target } from '../../core/target.ts';
import { decodeResponse, encodeResponse, isResponse } from '../../wire/spnego/response-token.ts';
import type { Handshake, TokenScheme } from './handshake.ts';
import type { Established, MechanismClient } from './mechanism.ts';

/**
 * A mechanism's own tokens, without a negotiation around them: what the schemes NTLM and Kerberos carry, and what
 * Windows takes under Negotiate too.
 *
 * A server that wraps its answers is answered in kind; it was offered no list, so there is none to protect.
 */
export class RawHandshake implements Handshake {
  readonly scheme: TokenScheme;
  readonly #target: Target;
  readonly #mechanism: MechanismClient;
  #established: Established | undefined;
  #isWrapped = false;

  constructor(scheme: TokenScheme, target: Target, mechanism: MechanismClient) {
    this.scheme = scheme;
    this.#target = target;
    this.#mechanism = mechanism;
  }

  get early(): Established | undefined {
    return this.#established;
  }

  async start(): Promise<Result<Uint8Array>> {
    const step = await this.#mechanism.step(undefined);
    return step.ok ? ok(step.value.token ?? new Uint8Array(0)) : step;
  }

  async receive(bytes: Uint8Array): Promise<Result<Uint8Array | undefined>> {
    const answer = this.#unwrap(bytes);
    if (!answer.ok) return answer;
    // Where we are done, a token can only confirm it.
    if (this.#established !== undefined || answer.value === undefined) return ok(undefined);
    const step = await this.#mechanism.step(answer.value);
    if (!step.ok) return step;
    const { token, established } = step.value;
    this.#established = established;
    return ok(token && this.#isWrapped ? encodeResponse({ token }) : token);
  }

  finish(): Result<Established> {
    const { host, user } = this.#target;
    return this.#established === undefined
      ? err(failure('auth.server-not-proven', { host, user }))
      : ok(this.#established);
  }

  #unwrap(bytes: Uint8Array): Result<Uint8Array | undefined> {
    if (!isResponse(bytes)) return ok(bytes);
    this.#isWrapped = true;
    const response = decodeResponse(bytes);
    return response.ok ? ok(response.value.token) : response;
  }
}
