import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { NegotiationIntegrity } from '../security-context.ts';
import { decodeInit } from './init-token.ts';
import { isSameMechanism } from './mechanisms.ts';
import { decodeResponse, encodeResponse } from './response-token.ts';
import type { NegState } from './response-token.ts';

/** One mechanism on the acceptor's side. */
export interface AcceptorMechanism<Identity> {
  readonly mechanism: string;
  /** Answers the initiator's next token: with one of its own, or with who the initiator is. */
  step(token: Uint8Array): Result<MechanismAnswer<Identity>>;
}

export type MechanismAnswer<Identity> =
  | { readonly kind: 'continue'; readonly token: Uint8Array }
  | { readonly kind: 'established'; readonly identity: Identity; readonly integrity: NegotiationIntegrity };

export interface AcceptorAnswer<Identity> {
  /** To be sent. */
  readonly token: Uint8Array;
  /** Who the initiator is, once all is proven. */
  readonly identity?: Identity;
}

/** The acceptor's side of a negotiation: one token in, one token out, until there is an identity. @see RFC 4178 */
export class SpnegoAcceptor<Identity> {
  readonly #mechanisms: readonly AcceptorMechanism<Identity>[];
  #negotiation: Negotiation<Identity> | undefined;

  /** @param mechanisms - Fresh ones, of which one is used; the initiator's preference counts. */
  constructor(mechanisms: readonly AcceptorMechanism<Identity>[]) {
    this.#mechanisms = mechanisms;
  }

  /** Failures: `auth.malformed-token`, `auth.negotiation`, those of the mechanism; the negotiation is over then. */
  receive(bytes: Uint8Array): Result<AcceptorAnswer<Identity>> {
    return this.#negotiation === undefined ? this.#begin(bytes) : this.#negotiation.receive(bytes);
  }

  #begin(bytes: Uint8Array): Result<AcceptorAnswer<Identity>> {
    const init = decodeInit(bytes);
    if (!init.ok) return init;
    const { mechanisms, token, mechanismList } = init.value;
    const [found] = mechanisms.flatMap((name) => this.#known(name));
    if (found === undefined)
      return err(failure('auth.negotiation', { reason: 'none of the offered mechanisms is taken here' }));
    const isPreferred = isSameMechanism(found.name, mechanisms[0]);
    this.#negotiation = new Negotiation({ ...found, mechanismList, isPreferred });
    return this.#negotiation.begin(isPreferred ? token : undefined);
  }

  #known(name: string): readonly Pick<Choice<Identity>, 'name' | 'mechanism'>[] {
    return this.#mechanisms
      .filter(({ mechanism }) => isSameMechanism(mechanism, name))
      .map((mechanism) => ({ name, mechanism }));
  }
}

interface Choice<Identity> {
  /** As the initiator named it. */
  readonly name: string;
  readonly mechanism: AcceptorMechanism<Identity>;
  readonly mechanismList: Uint8Array;
  readonly isPreferred: boolean;
}

/** What follows the choice of a mechanism. */
class Negotiation<Identity> {
  readonly #choice: Choice<Identity>;

  constructor(choice: Choice<Identity>) {
    this.#choice = choice;
  }

  begin(token: Uint8Array | undefined): Result<AcceptorAnswer<Identity>> {
    const { name: mechanism, isPreferred } = this.#choice;
    const state: NegState = isPreferred ? 'accept-incomplete' : 'request-mic';
    if (token === undefined) return ok({ token: encodeResponse({ state, mechanism }) });
    return this.#step(token, undefined, { state, mechanism });
  }

  receive(bytes: Uint8Array): Result<AcceptorAnswer<Identity>> {
    const response = decodeResponse(bytes);
    if (!response.ok) return response;
    const { token, mic } = response.value;
    if (token === undefined) return refused('a token of the mechanism was due');
    return this.#step(token, mic, { state: 'accept-incomplete' });
  }

  #step(
    token: Uint8Array,
    mic: Uint8Array | undefined,
    head: { readonly state: NegState; readonly mechanism?: string },
  ): Result<AcceptorAnswer<Identity>> {
    const answer = this.#choice.mechanism.step(token);
    if (!answer.ok) return answer;
    if (answer.value.kind === 'continue')
      return ok({ token: encodeResponse({ ...head, token: answer.value.token }) });
    const { identity, integrity } = answer.value;
    const own = this.#protect(integrity, mic);
    if (!own.ok) return own;
    const done = { ...head, state: 'accept-completed', ...(own.value && { mic: own.value }) } as const;
    return ok({ token: encodeResponse(done), identity });
  }

  /** Checks the initiator's MIC, and makes ours where there was one: both or none. */
  #protect(integrity: NegotiationIntegrity, mic: Uint8Array | undefined): Result<Uint8Array | undefined> {
    const { mechanismList, isPreferred } = this.#choice;
    if (mic === undefined)
      return isPreferred && !integrity.wantsMic
        ? ok(undefined)
        : refused('the list of mechanisms came without protection');
    const checked = integrity.checkMic(mechanismList, mic);
    return checked.ok ? integrity.mic(mechanismList) : checked;
  }
}

function refused(reason: string): Result<never> {
  return err(failure('auth.negotiation', { reason }));
}
