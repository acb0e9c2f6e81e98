import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { encodeInit, encodeMechanismList } from './init-token.ts';
import { isSameMechanism } from './mechanisms.ts';
import { rawMechanism } from './raw-token.ts';
import { decodeResponse, encodeResponse, isResponse } from './response-token.ts';
import type { NegTokenResponse } from './response-token.ts';

/** What the acceptor's token says to the mechanism that was chosen. */
export interface InitiatorAnswer {
  /** As the acceptor names it; one of those that were offered. */
  readonly mechanism: string;
  /** For the mechanism; undefined where the acceptor has nothing to say to it. */
  readonly token: Uint8Array | undefined;
  /** The acceptor's integrity of the list; to be checked. */
  readonly mic: Uint8Array | undefined;
  /** Whether the acceptor is satisfied and waits for nothing more, ends the negotiation, or goes on. */
  readonly outcome: 'completed' | 'rejected' | 'open';
}

/**
 * The initiator's side of a negotiation: `init` once, then `receive` and `respond` in turn.
 *
 * The mechanisms' own tokens are somebody else's work; this puts them into the tokens of the negotiation, and takes them
 * out. An acceptor that answers without wrapping is answered in kind.
 *
 * @see RFC 4178 https://www.rfc-editor.org/rfc/rfc4178
 */
export class SpnegoInitiator {
  readonly #mechanisms: readonly string[];
  #chosen: string | undefined;
  #isRaw = false;
  #asksForMic = false;

  /** @param mechanisms - At least one, the preferred one first. */
  constructor(mechanisms: readonly string[]) {
    this.#mechanisms = mechanisms;
  }

  /** What the MICs of both sides cover. */
  get mechanismList(): Uint8Array {
    return encodeMechanismList(this.#mechanisms);
  }

  /** Whether the list must be protected: the acceptor asks for it, or passed over what we prefer. @see RFC 4178 §5 */
  get needsMic(): boolean {
    const isOther = this.#chosen !== undefined && !isSameMechanism(this.#chosen, this.#mechanisms[0]);
    return !this.#isRaw && (this.#asksForMic || isOther);
  }

  /** Whether the acceptor's tokens come unwrapped, so that there is no list to protect. */
  get isRaw(): boolean {
    return this.#isRaw;
  }

  /** The first token, with the preferred mechanism's first one in it. */
  init(token: Uint8Array): Uint8Array {
    return encodeInit({ mechanisms: this.#mechanisms, token });
  }

  /** Failures `auth.malformed-token`, and `auth.negotiation` where the acceptor leaves what was offered. */
  receive(bytes: Uint8Array): Result<InitiatorAnswer> {
    if (!isResponse(bytes)) return this.#receiveRaw(bytes);
    const response = decodeResponse(bytes);
    if (!response.ok) return response;
    const { state, token, mic } = response.value;
    const mechanism = this.#choose(response.value);
    if (mechanism === undefined) return refused('it chose a mechanism that was not offered');
    this.#asksForMic ||= state === 'request-mic';
    return ok({ mechanism, token, mic, outcome: outcomes[state ?? 'accept-incomplete'] });
  }

  /** The next token: raw where the acceptor's are. */
  respond(token: Uint8Array | undefined, mic: Uint8Array | undefined): Uint8Array {
    if (this.#isRaw) return token ?? new Uint8Array(0);
    return encodeResponse({ ...(token !== undefined && { token }), ...(mic !== undefined && { mic }) });
  }

  /** Chosen once, and not changed later; an acceptor that names none takes the preferred one. */
  #choose({ mechanism }: NegTokenResponse): string | undefined {
    const name = this.#chosen ?? mechanism ?? this.#mechanisms[0];
    if (mechanism !== undefined && !isSameMechanism(mechanism, name)) return undefined;
    if (!this.#isOffered(name)) return undefined;
    this.#chosen = name;
    return name;
  }

  #isOffered(name: string | undefined): name is string {
    return this.#mechanisms.some((offered) => isSameMechanism(offered, name));
  }

  #receiveRaw(token: Uint8Array): Result<InitiatorAnswer> {
    const mechanism = rawMechanism(token);
    // After a wrapped token a raw one would leave the list unprotected.
    if (mechanism === undefined || (this.#chosen !== undefined && !this.#isRaw))
      return refused('its answer is no token of the negotiation');
    if (!this.#isOffered(mechanism)) return refused('it chose a mechanism that was not offered');
    this.#isRaw = true;
    this.#chosen = mechanism;
    return ok({ mechanism, token, mic: undefined, outcome: 'open' });
  }
}

const outcomes = {
  'accept-completed': 'completed',
  'accept-incomplete': 'open',
  'request-mic': 'open',
  reject: 'rejected',
} as const;

function refused(reason: string): Result<never> {
  return err(failure('auth.negotiation', { reason }));
}
