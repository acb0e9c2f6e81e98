import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Accepted, NtlmAcceptor } from '../ntlm/acceptor.ts';
import { SpnegoAcceptor } from '../spnego/acceptor.ts';
import type { AcceptorMechanism } from '../spnego/acceptor.ts';
import { isInit } from '../spnego/init-token.ts';
import { Mechanism } from '../spnego/mechanisms.ts';

/** The server's answer to one token of a logon. */
export interface LogonAnswer {
  /** To be sent, also together with the acceptance. */
  readonly token: Uint8Array | undefined;
  /** Who logged on, once it is proven. */
  readonly accepted: Accepted | undefined;
}

/** The server of one NTLM logon, in a negotiation or without one, as the client began it. */
export class TokenLogon {
  readonly #mechanism: AcceptorMechanism<Accepted>;
  #negotiation: SpnegoAcceptor<Accepted> | undefined;

  constructor(acceptor: NtlmAcceptor) {
    this.#mechanism = ntlmAcceptorMechanism(acceptor);
  }

  /** Failures: `auth.malformed-token`, `auth.weak-session`, `auth.negotiation`, `auth.denied`. */
  receive(token: Uint8Array): Result<LogonAnswer> {
    if (isInit(token)) this.#negotiation = new SpnegoAcceptor([this.#mechanism]);
    if (this.#negotiation === undefined) return this.#receiveRaw(token);
    const answer = this.#negotiation.receive(token);
    return answer.ok ? ok({ token: answer.value.token, accepted: answer.value.identity }) : answer;
  }

  #receiveRaw(token: Uint8Array): Result<LogonAnswer> {
    const answer = this.#mechanism.step(token);
    if (!answer.ok) return answer;
    return ok(
      answer.value.kind === 'continue'
        ? { token: answer.value.token, accepted: undefined }
        : { token: undefined, accepted: answer.value.identity },
    );
  }
}

/** NTLM as one mechanism of a negotiation. */
function ntlmAcceptorMechanism(acceptor: NtlmAcceptor): AcceptorMechanism<Accepted> {
  let isChallenged = false;
  return {
    mechanism: Mechanism.ntlm,
    step: (token) => {
      if (isChallenged) {
        const accepted = acceptor.accept(token);
        if (!accepted.ok) return accepted;
        return ok({ kind: 'established', identity: accepted.value, integrity: accepted.value.context });
      }
      isChallenged = true;
      const challenge = acceptor.challenge(token);
      return challenge.ok ? ok({ kind: 'continue', token: challenge.value }) : challenge;
    },
  };
}
